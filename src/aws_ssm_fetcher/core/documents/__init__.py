"""Versioned documents: envelopes, decoding, one module per kind."""
