"""Media plane: sockets, SRTP, mixing and forwarding. Knows nothing of meetings, PINs, HTTP or SIP."""
