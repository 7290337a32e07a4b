"""Background work: task runners, schedule and relay."""
