"""The commands about stacks: ``fits`` and ``choose``, and the forms of their answers."""
