"""Stored meetings: definitions, links, schedule."""
