"""One numbered stream of what happened, for each tenant: stored, replayed, followed, and summed up in call records."""
