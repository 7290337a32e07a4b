"""The kinds of tasks, a module each: `KIND` says what it is called and how urgent, `run` does one attempt.

A new kind is a new module here; nothing else has to know of it.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from core.tasks import Kind
from worker.work import Work


@dataclass(frozen=True)
class Runner:
    """A kind and how it is done. `run` returns what the task remembers as its result, a JSON object."""

    kind: Kind
    run: Callable[[Work], Mapping[str, Any]]


@cache
def runners() -> Mapping[str, Runner]:
    """All kinds that this release can do, by name."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return {module.KIND.name: Runner(module.KIND, module.run) for module in modules}
