"""A crowd of thin guests in a process of their own, so that their cost is not counted with the daemon's.

They speak the browser's protocol (docs/protocol.md), DTLS and SRTP, but encode everything once and decode nothing.
"""
