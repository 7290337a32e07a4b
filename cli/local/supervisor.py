"""Runs parts together: all of them, or none.

1. Parts start in the order given; those given together start together, and each is asked until it is ready.
2. Whatever they print is told behind their names, and the last lines of each are remembered.
3. A signal, or the end of any part, ends the rest in reverse order; who does not end in time is killed.

There is one thread, so that `fork` is safe, and one wait for everything: output, signals and ended children.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

from cli.local.account import LocalError
from cli.local.part import Part, spawn

_REMEMBERED_LINES = 20
_ASK_SECONDS = 0.05
_ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PartEnded(LocalError):
    """A part ended by itself or did not become ready; the message has its last lines."""


class Interrupted(Exception):
    """Somebody asked for the end by a signal."""


@dataclass
class _Running:
    part: Part
    process: subprocess.Popen[bytes]
    pipe: int
    rest: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_LINES))


class Supervisor:
    """Use as a context: leaving it stops everything.

    `started` hears of each part's process id, `tell` each line that a part prints.
    """

    def __init__(
        self,
        started: Callable[[dict[str, int]], None] = lambda _: None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._started = started
        self._tell = tell or say
        self._running: list[_Running] = []
        self._selector = selectors.DefaultSelector()
        self._signals: list[int] = []
        self._stopping = False

    def __enter__(self) -> "Supervisor":
        """Takes over the signals that ask for the end."""
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ, None)
        self._old_wakeup = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        numbers = (*_ENDING_SIGNALS, signal.SIGCHLD)
        self._old_handlers = {number: signal.signal(number, self._note) for number in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        """Stops all parts in reverse order."""
        try:
            self.stop()
        finally:
            for number, handler in self._old_handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(self._old_wakeup)
            self._selector.close()
            os.close(self._wake_read)
            os.close(self._wake_write)

    def start(self, *parts: Part) -> None:
        """Starts parts together; returns when all are ready. Raises PartEnded or Interrupted."""
        waiting = [self._spawn(part) for part in parts]
        self._started({one.part.name: one.process.pid for one in self._running})
        begun = time.monotonic()
        while waiting:
            self._look(_ASK_SECONDS)
            for one in [one for one in waiting if one.part.ready()]:
                waiting.remove(one)
            for one in waiting:
                if time.monotonic() - begun > one.part.ready_seconds:
                    raise PartEnded(_report(one, f"was not ready within {one.part.ready_seconds:.0f} s"))

    def wait(self) -> None:
        """Returns only by PartEnded or Interrupted."""
        while True:
            self._look(1.0)

    def stop(self) -> None:
        """Stops what runs, the last started first; a second signal kills at once."""
        self._stopping = True
        self._signals.clear()
        while self._running:
            one = self._running[-1]
            self._stop(one)
            self._forget(one)

    def _spawn(self, part: Part) -> _Running:
        with _output_pipe(part) as (reading, writing):
            running = _Running(part, spawn(part, writing), reading)
        self._running.append(running)
        self._selector.register(running.pipe, selectors.EVENT_READ, running)
        return running

    def _look(self, seconds: float) -> None:
        """One round: prints what came, then raises if a signal came or a part ended."""
        self._print_output(seconds)
        if self._signals:
            raise Interrupted(signal.Signals(self._signals[0]).name)
        for one in self._running:
            if one.process.poll() is not None:
                self._drain(one)
                raise PartEnded(_report(one, _how_it_ended(one.process.returncode)))

    def _print_output(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, _Running):
                self._read(key.data)
            else:
                with suppress(BlockingIOError):
                    os.read(self._wake_read, 1024)

    def _read(self, one: _Running) -> bool:
        chunk = os.read(one.pipe, 65536)
        if not chunk:
            self._selector.unregister(one.pipe)
            return False
        *lines, one.rest = (one.rest + chunk).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace")
            one.last_lines.append(text)
            self._tell(f"{one.part.name:<8} | {text}")
        return True

    def _drain(self, one: _Running) -> None:
        """Reads what an ended part left in its pipe, without waiting for its children."""
        os.set_blocking(one.pipe, False)
        with suppress(BlockingIOError, KeyError):
            while self._read(one):
                pass

    def _stop(self, one: _Running) -> None:
        with suppress(ProcessLookupError):
            one.process.send_signal(one.part.stop_signal)
        deadline = time.monotonic() + one.part.stop_seconds
        while one.process.poll() is None:
            self._print_output(_ASK_SECONDS)
            if time.monotonic() > deadline or self._signals:
                say(f"{one.part.name} does not stop, so it is killed.")
                one.process.kill()
                one.process.wait()

    def _forget(self, one: _Running) -> None:
        self._drain(one)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(one.process.pid, signal.SIGKILL)  # children that outlived it
        with suppress(KeyError):
            self._selector.unregister(one.pipe)
        os.close(one.pipe)
        self._running.remove(one)

    def _note(self, number: int, frame: FrameType | None) -> None:
        del frame
        if number in _ENDING_SIGNALS:
            self._signals.append(number)


def say(text: str) -> None:
    """Prints a line, even where the terminal has gone."""
    with suppress(OSError, ValueError):
        print(text, flush=True)


@contextmanager
def _output_pipe(part: Part) -> Iterator[tuple[int, int]]:
    """A pipe whose far end the part's account may open again by name, as nginx does with its logs."""
    reading, writing = os.pipe()
    try:
        if part.account is not None and sys.platform == "linux":
            os.fchown(writing, part.account.uid, part.account.gid)
        yield reading, writing
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)


def _how_it_ended(status: int) -> str:
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"


def _report(one: _Running, what: str) -> str:
    lines = "\n".join(f"  {line}" for line in one.last_lines) or "  (nothing)"
    return f"{one.part.name} {what}, so everything is stopped. Its last lines:\n{lines}"
