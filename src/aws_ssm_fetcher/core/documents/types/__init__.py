"""Documents of the past of resource types and instance types, and of what changed among them."""
