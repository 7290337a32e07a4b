"""Places between two effects on the world outside the process, where it may die: tests kill it at each.

Whatever has an effect passes one of few modules: the database, the store, mail, calls to other servers,
programs. These say so here, once an effect is done and, where it takes several steps, in between. Everybody
else has no effects, which a test holds. In production nobody watches.
"""

from collections.abc import Callable

_watchers: list[Callable[[str], object]] = []


def passed(place: str) -> None:
    """Says that the process is at a place: what has just happened, in a few words."""
    for watcher in _watchers:
        watcher(place)


def watch(watcher: Callable[[str], object]) -> None:
    """Has a watcher called at every place from now on, in the thread that passes it."""
    _watchers.append(watcher)
