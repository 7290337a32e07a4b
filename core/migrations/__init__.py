"""Numbered SQL files, applied by `core.migrate`."""
