from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from core.export import EXPORT_SWEEP
from core.ids import uuid7
from tests.workers import Workplace


def exported(place: Workplace, tenant: UUID) -> UUID:
    task_id = place.request_export(tenant)
    assert place.work() == "done"
    return task_id


def sweep(place: Workplace) -> dict[str, int] | None:
    place.schedule(EXPORT_SWEEP)
    assert place.work() == "done"
    return place.last_result(EXPORT_SWEEP)


def make_old(place: Workplace, name: str) -> None:
    path = Path(place.environment["STATE_DIR"]) / "store" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (0, 0))


def test_only_exports_whose_time_is_over_are_removed(place: Workplace) -> None:
    gone, kept = place.tenant(), place.tenant()
    exported(place, gone)
    place.age_tasks(place.settings.export_ttl + timedelta(seconds=1))
    kept_id = exported(place, kept)
    assert sweep(place) == {"expired": 1, "strays": 0}
    assert place.stored() == [(place.task(kept, kept_id).result or {})["file"]]


def test_cancelled_exports_are_forgotten_too(place: Workplace) -> None:
    tenant = place.tenant()
    place.cancel(tenant, place.request_export(tenant))
    place.age_tasks(place.settings.export_ttl + timedelta(seconds=1))
    assert sweep(place) == {"expired": 1, "strays": 0}


def test_old_files_that_no_export_knows_are_removed(place: Workplace) -> None:
    tenant = place.tenant()
    task_id = exported(place, tenant)
    known = (place.task(tenant, task_id).result or {})["file"]
    make_old(place, known)
    fresh = known.replace(".json.gz", "-of-an-attempt-under-way")
    place.store.put(fresh, [b"half"], owner=str(tenant))
    for stray in (
        f"exports/{tenant}/{task_id}/{uuid7()}.json.gz",
        f"exports/{uuid7()}/{uuid7()}/{uuid7()}.json.gz",
        "exports/nonsense",
        "exports/unfinished.json.gz#3",
    ):
        make_old(place, stray)
    assert sweep(place) == {"expired": 0, "strays": 4}
    assert sorted(place.stored()) == sorted([known, fresh])
