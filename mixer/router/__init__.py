"""From a decrypted packet to the track it belongs to."""
