"""Whether a stack can be deployed in a region, by two published sources. Pure."""
