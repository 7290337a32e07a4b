from __future__ import annotations

import os
import signal
import threading

from worker.leash import let_go, stop_when_let_go


def test_a_leash_is_held_until_its_other_end_closes() -> None:
    leash, held = os.pipe()
    assert not let_go(leash, 0)
    os.close(held)
    assert let_go(leash, 5)
    os.close(leash)


def test_a_process_that_is_let_go_gets_sigterm() -> None:
    leash, held = os.pipe()
    stopped = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        stop_when_let_go(leash)
        assert not stopped.wait(0.05)
        os.close(held)
        assert stopped.wait(5)
    finally:
        signal.signal(signal.SIGTERM, before)
        os.close(leash)
