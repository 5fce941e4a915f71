"""Stage two: measure an inventory and say what is to be said of it. Pure, and standard library only."""
