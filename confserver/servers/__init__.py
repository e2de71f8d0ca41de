"""Media servers: the workers of this one, and others that an administrator has written down."""
