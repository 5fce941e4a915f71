"""The middle, and the shared Lambda layer: standard library and what the Lambda runtime carries."""
