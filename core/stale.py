"""Changes that were meant for another version."""


class VersionStale(Exception):
    """What was to be changed has changed meanwhile; `current` is its version now."""

    def __init__(self, current: int) -> None:
        super().__init__(current)
        self.current = current
