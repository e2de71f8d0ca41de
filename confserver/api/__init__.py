"""REST API (docs/rest.md)."""
