"""What the three Lambda functions share: host, start-up, events, metrics, notifiers."""
