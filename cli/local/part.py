"""One part of the running product: a process, how it is started and how one knows that it is ready."""

import ctypes
import functools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.local.account import Account, identity

_PR_SET_PDEATHSIG = 1
HERE = Path("/proc/self/cwd")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A process to supervise. `ready` is asked again and again until it says yes; it must answer quickly.

    After `stop_signal` it has `stop_seconds` before it is killed.
    """

    name: str
    command: list[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    ready: Callable[[], bool] = lambda: True
    ready_seconds: float = 30
    stop_seconds: float = 20


def spawn(part: Part, output: int) -> subprocess.Popen[bytes]:
    """Starts a part in a session of its own, so that Ctrl-C in a terminal reaches the supervisor alone.

    `output` is a descriptor for all that it prints. On Linux the kernel sends it `stop_signal` should the
    supervisor be killed.
    """
    return subprocess.Popen(
        part.command,
        cwd=part.folder,
        env={"PATH": os.environ.get("PATH", os.defpath), **part.environment},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_die_with_parent(part.stop_signal),  # noqa: PLW1509 - the supervisor has one thread
        **identity(part.account),
    )


def path_for(folder: Path, account: Account | None) -> str:
    """How a program that starts in `folder` names it.

    Its account may be barred from a folder further up, but what a process starts in it can always reach
    through `/proc/self/cwd`.
    """
    return str(HERE) if account is not None and HERE.exists() else str(folder.resolve())


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    return functools.partial(_ask_kernel, ctypes.CDLL(None).prctl, number, os.getpid())


def _ask_kernel(prctl: Callable[..., int], number: signal.Signals, parent: int) -> None:
    prctl(_PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:  # it died before the kernel knew
        os._exit(1)
