from __future__ import annotations

import time
import uuid

from core.ids import uuid7


def test_an_id_is_a_uuid_of_version_7_made_now() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()

    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_are_told_apart_and_sort_by_time() -> None:
    ids = []
    for _ in range(1000):
        ids.append(uuid7())
        passed = time.time_ns() + 1000
        while time.time_ns() < passed:
            pass

    assert len(set(ids)) == 1000
    assert ids == sorted(ids)
