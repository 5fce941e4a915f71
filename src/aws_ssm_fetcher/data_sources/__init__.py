"""Stage one: read AWS's published data, and note what could not be read."""
