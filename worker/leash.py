"""How a child process knows that its parent lets go of it: asks it to stop, or is dead.

The parent holds the writing end of a pipe and never writes; when it closes it, on purpose or because it was
killed, the child reads the end of the file. Nothing else notices a parent's SIGKILL at once.
"""

import os
import select
import signal
import threading


def let_go(leash: int, seconds: float) -> bool:
    """Waits up to `seconds`; whether the parent has let go of the leash (a file descriptor)."""
    readable, _, _ = select.select([leash], [], [], seconds)
    return bool(readable)


def stop_when_let_go(leash: int) -> None:
    """Has this process stop as if it got SIGTERM when the leash is let go."""

    def watch() -> None:
        os.read(leash, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="leash", daemon=True).start()
