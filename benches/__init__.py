"""Measurements of the shipped daemon, from outside: `python -m benches` prints the figures of docs/performance.md.

Nothing here is part of the server, and the server knows nothing of it.
"""
