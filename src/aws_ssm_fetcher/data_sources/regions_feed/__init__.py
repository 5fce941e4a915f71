"""AWS's feed of region launches."""
