"""SDP as a lossless model, and offer/answer as pure functions (RFC 8866, RFC 3264, RFC 8829)."""
