"""The operator command `sightline`."""
