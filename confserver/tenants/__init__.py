"""What belongs to a tenant as a whole."""
