"""Readers of infrastructure code: templates, plans, states, policies and lists to the AWS names that they need.

Each reader takes bytes and returns a ``Stack``; only ``paths`` touches files. Nothing here knows what a region has.
"""
