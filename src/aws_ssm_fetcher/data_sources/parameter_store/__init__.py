"""AWS's public parameters: client, cache, pacing, parser."""
