"""The doors into a room: SDP, browser WebSocket. Imports values of the media plane, never its machinery."""
