"""The REST API (docs/rest.md)."""
