from __future__ import annotations

from core.recent import Recent
from tests.clock import Clock


def test_a_value_is_remembered_until_its_time_is_over() -> None:
    clock = Clock()
    recent: Recent[str, int] = Recent(size=2, seconds=10, clock=clock)
    recent.put("a", 1)
    recent.put("b", 2, seconds=5)

    clock.now += 4.9
    assert (recent.get("a"), recent.get("b")) == (1, 2)
    clock.now += 0.1
    assert (recent.get("a"), recent.get("b")) == (1, None)
    clock.now += 5
    assert recent.get("a") is None


def test_the_value_used_longest_ago_makes_room() -> None:
    recent: Recent[str, int] = Recent(size=2, seconds=10, clock=Clock())
    recent.put("a", 1)
    recent.put("b", 2)
    recent.get("a")
    recent.put("c", 3)

    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)


def test_a_forgotten_value_is_gone() -> None:
    recent: Recent[str, int] = Recent(size=2, seconds=10)
    recent.put("a", 1)
    recent.forget("a")
    recent.forget("never there")

    assert recent.get("a") is None


def test_what_is_heavy_leaves_room_for_less() -> None:
    recent: Recent[str, int] = Recent(size=10, seconds=10, clock=Clock())
    recent.put("a", 1)
    recent.put("b", 2, weight=8)
    recent.put("c", 3, weight=3)

    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (None, None, 3)
    recent.put("c", 4, weight=1)
    recent.put("d", 5, weight=9)
    assert (recent.get("c"), recent.get("d")) == (4, 5)
    recent.put("e", 6, weight=11)
    assert recent.get("e") is None
