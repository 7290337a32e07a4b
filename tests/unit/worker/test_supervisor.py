from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.workers import alive, eventually
from worker.supervisor import Child

SUPERVISE = """
import sys
from worker.logs import start_logging
from worker.supervisor import Child, supervise
start_logging("INFO")
sys.exit(supervise([Child("child", [sys.executable, "-c", sys.argv[1]])]))
"""
LIVES = "import sys; sys.stdin.read()"


def supervisor(child: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SUPERVISE, child], stderr=subprocess.PIPE)


def child_of(process: subprocess.Popen[bytes]) -> psutil.Process:
    def look() -> psutil.Process | None:
        children = [child for child in psutil.Process(process.pid).children() if alive(child)]
        return children[0] if children else None

    return eventually(look, "a child")


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_all_children_stop_with_the_supervisor(asked: signal.Signals) -> None:
    process = supervisor(LIVES)
    child = child_of(process)
    process.send_signal(asked)
    assert process.wait(20) == 0
    assert not alive(child)
    process.communicate()


def test_a_child_that_ends_is_started_again() -> None:
    process = supervisor(LIVES)
    first = child_of(process)
    first.kill()
    eventually(lambda: child_of(process).pid != first.pid, "another child")
    process.terminate()
    log = process.communicate()[1].decode()
    assert '"message": "ended unasked"' in log
    assert process.returncode == 0


def test_a_child_learns_that_its_supervisor_was_killed() -> None:
    process = supervisor(LIVES)
    child = child_of(process)
    process.kill()
    eventually(lambda: not alive(child), "the child's end")
    process.communicate()


def test_pauses_double_up_to_half_a_minute_and_quick_deaths_are_counted() -> None:
    child = Child("child", [sys.executable, "-c", ""])
    pauses = []
    for _ in range(7):
        child.start()
        assert child.process is not None
        child.process.wait()
        before = child.start_at
        child.look()
        pauses.append(child.start_at - child.started_at)
        assert child.start_at > before
    assert [round(pause) for pause in pauses] == [1, 2, 4, 8, 16, 30, 30]
    assert child.quick_deaths == 7


def test_a_child_that_cannot_run_ends_the_supervisor(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    script = f"open({str(starts)!r}, 'a').write('x')"
    quick = SUPERVISE.replace(
        "import sys\n", "import sys\nimport worker.supervisor as s\ns._LONGEST_PAUSE = 0.01\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", quick, script], stderr=subprocess.PIPE, timeout=60, check=False, env=os.environ
    )
    assert result.returncode == 1
    assert len(starts.read_text()) == 10
    assert b'"message": "cannot run"' in result.stderr
