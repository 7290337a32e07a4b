"""What a job would name that somebody else put into Redis."""

from __future__ import annotations

import os
from pathlib import Path


def mark(*_: object) -> None:
    """Leaves a trace of having been called."""
    Path(os.environ["HOSTILE_MARK"]).touch()
