"""The web edge: what stands between a TCP connection and the application. It knows no meeting and no page."""
