"""What all commands share: options, session, terminal, JSON."""
