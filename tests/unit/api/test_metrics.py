from __future__ import annotations

from prometheus_client import REGISTRY

from api.metrics import count_stranger


def number_of(route: str, reason: str) -> float:
    labels = {"route": route, "reason": reason}
    return REGISTRY.get_sample_value("sightline_strangers_refused_total", labels) or 0


def test_reasons_without_end_do_not_make_series_without_end() -> None:
    route = "GET /of/this/test"
    for number in range(200):
        count_stranger(route, f"reason {number}")

    of_their_own = sum(number_of(route, f"reason {number}") for number in range(200))
    assert 0 < of_their_own <= 64
    assert number_of(route, "other") == 200 - of_their_own
    count_stranger(route, "reason 0")
    assert number_of(route, "reason 0") == 2
