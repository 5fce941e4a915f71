"""Stage one: read the record of AWS itself, and say what of it could not be read."""
