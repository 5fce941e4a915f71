"""The nouns, frozen: codes, inventory, analysis, changes, history."""
