"""Commands that answer from one analysis."""
