"""The command sql."""
