"""The browser's WebSocket (docs/protocol.md)."""
