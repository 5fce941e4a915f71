"""Stage three: lay an analysis out for people and machines."""
