"""The conversation: jitter buffers, Opus, mixing, levels."""
