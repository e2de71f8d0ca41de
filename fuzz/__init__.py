"""Invented input for every parser that strangers reach, guided by coverage: `python -m fuzz`.

It is no part of the server. The same targets meet Hypothesis, all seeds and every past crasher in the ordinary tests.
"""
