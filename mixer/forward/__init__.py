"""Selective forwarding of video: sources, slots, rewriting."""
