"""Answers from a history."""
