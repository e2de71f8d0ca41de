"""One peer's path to us: UDP, ICE-lite, DTLS, SRTP."""
