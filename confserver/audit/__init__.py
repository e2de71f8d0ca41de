"""Who did what by the API, when, from where, and what came of it."""
