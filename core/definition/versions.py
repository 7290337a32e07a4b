"""Definitions of earlier versions, made into the present one whenever one is read.

What is stored stays in the version that it was written in, so that a new release needs no migration and can
run beside the old one. A release that no longer takes a version as it was adds a step from it to the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Step = Callable[[dict[str, Any]], dict[str, Any]]


class DefinitionTooNew(Exception):
    """The definition was written by a newer release than this one."""


@dataclass(frozen=True)
class Versions:
    """The versions that a release knows, from 1 on: `steps[n - 1]` makes version n + 1 of version n.

    A step gives a new definition and leaves its argument alone.
    """

    steps: tuple[Step, ...] = ()

    @property
    def present(self) -> int:
        """The version that this release writes."""
        return len(self.steps) + 1

    def upgrade(self, definition: dict[str, Any], version: int) -> dict[str, Any]:
        """A stored definition in the present version. Raises DefinitionTooNew."""
        if version > self.present:
            raise DefinitionTooNew(version)
        for step in self.steps[version - 1 :]:
            definition = step(definition)
        return definition


VERSIONS = Versions()
