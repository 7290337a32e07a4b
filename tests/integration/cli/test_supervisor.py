from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from cli.local.part import Part
from cli.local.supervisor import Interrupted, PartEnded, Supervisor
from tests.servers import wait_until

FOREVER = "import signal\nwhile True: signal.pause()"


def part(name: str, code: str, folder: Path, **more: object) -> Part:
    command = [sys.executable, "-u", "-c", code]
    return Part(name=name, command=command, folder=folder, **more)  # type: ignore[arg-type]  # as given


def run(one: Part) -> None:
    with Supervisor() as supervisor:
        supervisor.start(one)
        supervisor.wait()


def ended(process: int) -> bool:
    """Whether a process has ended, be it that nobody has asked for its status yet."""
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def marks(file: Path, text: str) -> str:
    """Code of a part that writes a line when it is told to stop."""
    return f"""
import signal, sys
def stop(*_):
    open({str(file)!r}, "a").write({text!r} + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
open({str(file)!r} + ".{text}", "w").close()
while True: signal.pause()
"""


def test_output_stands_behind_the_name_of_its_part(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PartEnded):
        run(part("talker", "print('hello'); print('world')", tmp_path))
    assert "talker   | hello\ntalker   | world\n" in capfd.readouterr().out


def test_the_end_of_a_part_is_told_with_its_status_and_last_lines(tmp_path: Path) -> None:
    code = "import sys\nfor i in range(50): print('line', i)\nsys.exit(3)"
    with pytest.raises(PartEnded) as caught:
        run(part("failing", code, tmp_path))
    message = str(caught.value)
    assert message.startswith("failing ended with status 3, so everything is stopped.")
    assert message.endswith("  line 49")
    assert "line 29" not in message


def test_a_part_that_does_not_become_ready_is_told(tmp_path: Path) -> None:
    never = part("slow", FOREVER, tmp_path, ready=lambda: False, ready_seconds=0.3)
    with pytest.raises(PartEnded, match="slow was not ready within"), Supervisor() as supervisor:
        supervisor.start(never)


def test_parts_stop_in_reverse_order(tmp_path: Path) -> None:
    file = tmp_path / "stopped"
    parts = [
        part(name, marks(file, name), tmp_path, ready=Path(f"{file}.{name}").exists)
        for name in ("first", "second", "third")
    ]
    with Supervisor() as supervisor:
        supervisor.start(parts[0])
        supervisor.start(*parts[1:])
    assert file.read_text().split() == ["third", "second", "first"]


def test_a_part_that_ignores_the_signal_is_killed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ready = tmp_path / "ready"
    code = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({str(ready)!r}, "w").close()
{FOREVER}
"""
    with Supervisor() as supervisor:
        supervisor.start(part("stubborn", code, tmp_path, ready=ready.exists, stop_seconds=0.3))
    assert "stubborn does not stop, so it is killed." in capfd.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_for_the_end(tmp_path: Path, number: signal.Signals) -> None:
    with Supervisor() as supervisor:
        supervisor.start(part("patient", FOREVER, tmp_path))
        threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
        with pytest.raises(Interrupted, match=number.name):
            supervisor.wait()


def test_the_old_handlers_of_signals_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_children_that_outlive_a_part_are_ended(tmp_path: Path) -> None:
    child = tmp_path / "child"
    code = f"""
import subprocess, sys
process = subprocess.Popen([sys.executable, "-c", {FOREVER!r}])
open({str(child)!r}, "w").write(str(process.pid))
"""
    with pytest.raises(PartEnded):
        run(part("parent", code, tmp_path))
    wait_until(lambda: ended(int(child.read_text())), "the child to end", 10)
