"""HTTPS of the web server: where its certificate comes from, how it is kept fresh, and plain HTTP beside it."""
