from __future__ import annotations

import json

from tests.formula_vectors import FILE, vectors


def test_the_vectors_that_the_client_runs_are_what_the_server_answers() -> None:
    stored = json.loads(FILE.read_text("utf-8"))

    assert stored == json.loads(json.dumps(vectors())), "run: python -m tests.formula_vectors"


def test_the_vectors_hold_enough_of_each_kind() -> None:
    single = json.loads(FILE.read_text("utf-8"))["single"]

    assert sum("type" in one for one in single) > 150
    assert sum("tree" in one and "reason" in one for one in single) > 100
    assert sum("tree" not in one for one in single) > 50
