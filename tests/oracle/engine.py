"""Runs the product's engine over a file of issues, in Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.oracle.case import Case
from tests.oracle.fields import FIELDS, PRIORITIES
from tests.steps import CLIENT

SOURCES = CLIENT / "src"
_SCRIPT = Path(__file__).with_name("engine.mjs")


def answers(issues: Path, cases: list[Case], sources: Path = SOURCES) -> list[dict[str, Any]]:
    """The engine's answers in the order of the cases; `sources` may be a copy of the client's `src`.

    Raises RuntimeError with what Node said where the engine does not run.
    """
    order = sorted(range(len(cases)), key=lambda at: (cases[at].zone, cases[at].locale, cases[at].now))
    task = {
        "sources": str(sources),
        "issues": str(issues),
        "fields": [one.as_jira_describes_it() for one in FIELDS.values()],
        "priorities": PRIORITIES,
        "cases": [cases[at].for_engine() for at in order],
    }
    with TemporaryDirectory() as folder:
        question, found = Path(folder, "task.json"), Path(folder, "answers.jsonl")
        question.write_text(json.dumps(task))
        command = ["node", "--max-old-space-size=3000", str(_SCRIPT), str(question), str(found)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise RuntimeError(run.stderr)
        lines = [json.loads(line) for line in found.read_text().splitlines()]
    placed = dict(zip(order, lines, strict=True))
    return [placed[at] for at in range(len(cases))]
