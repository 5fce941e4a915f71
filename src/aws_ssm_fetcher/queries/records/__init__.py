"""Answers from one analysis."""
