"""Live rooms: who is in, who may enter, what they may do."""
