"""Backups of the whole database: made, listed, verified, restored, and kept no longer than promised."""


class BackupError(Exception):
    """A backup or a restore could not be made or used; the text says why, for an operator."""
