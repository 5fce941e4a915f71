"""Changes of resource types in words: a feed of all, one of each service, and notifications."""
