"""Clock-free building blocks: standard library only."""
