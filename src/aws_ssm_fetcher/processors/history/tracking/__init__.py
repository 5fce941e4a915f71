"""Changes derived from a history: the calendar, presences, renames, zones, services."""
