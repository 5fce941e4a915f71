"""Commands that answer from a history."""
