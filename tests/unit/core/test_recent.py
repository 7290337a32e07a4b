from __future__ import annotations

from core.recent import Recent


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_remembered_until_its_time_is_over() -> None:
    clock = Clock()
    recent: Recent[str, int] = Recent(size=2, seconds=10, clock=clock)
    recent.put("a", 1)
    recent.put("b", 2, seconds=5)

    clock.now = 4.9
    assert (recent.get("a"), recent.get("b")) == (1, 2)
    clock.now = 5
    assert (recent.get("a"), recent.get("b")) == (1, None)
    clock.now = 10
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
