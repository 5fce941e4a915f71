"""The history: runs in their order, quarantine, changes."""
