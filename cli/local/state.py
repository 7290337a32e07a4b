"""The folder that holds everything a local product keeps: secrets, data, certificates, what runs."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from cli.local.account import LocalError
from cli.local.programs import COPIES_PREFIX

_STOP_SECONDS = 10


class State:
    """A STATE_DIR. Its parts keep folders of their own in it; the rest is here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._record = self.folder / "running.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps others from using the folder; raises LocalError where one does, or where it is not ours."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("a+")
        except OSError as error:
            raise LocalError(f"STATE_DIR {self.folder} cannot be used: {error.strerror}.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise LocalError(
                    f"Already running (process {lock.read().strip()}) with STATE_DIR {self.folder}. "
                    "Stop it, or set STATE_DIR to another folder."
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
        """A secret of this folder, made when first asked for."""
        file = self.folder / "secrets.json"
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if name not in known:
            known[name] = make()
            _replace(file, json.dumps(known, indent=1))
        return known[name]

    def record(self, processes: dict[str, int], copies: Path | None) -> None:
        """Notes what runs, so that the next start can end what a crash left running."""
        entries = [
            {"name": name, "pid": pid, "started": psutil.Process(pid).create_time()}
            for name, pid in processes.items()
            if psutil.pid_exists(pid)
        ]
        _replace(self._record, json.dumps({"processes": entries, "copies": copies and str(copies)}))

    def end_leftovers(self) -> list[str]:
        """Ends what an earlier run left running and returns the names of those parts."""
        if not self._record.exists():
            return []
        noted = json.loads(self._record.read_text())
        found = {
            entry["name"]: process
            for entry in noted["processes"]
            if (process := _same_process(entry["pid"], entry["started"]))
        }
        _end(list(found.values()))
        copies = Path(noted["copies"] or "")
        if copies.name.startswith(COPIES_PREFIX):
            shutil.rmtree(copies, ignore_errors=True)
        self._record.unlink()
        return list(found)


def _same_process(pid: int, started: float) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        return process if abs(process.create_time() - started) < 1 else None
    except psutil.Error:
        return None


def _end(processes: list[psutil.Process]) -> None:
    families = [child for process in processes for child in process.children(recursive=True)]
    for process in processes:
        process.terminate()
    _, alive = psutil.wait_procs(processes + families, timeout=_STOP_SECONDS)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=_STOP_SECONDS)


def _replace(file: Path, content: str) -> None:
    unfinished = file.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(content)
    unfinished.rename(file)
