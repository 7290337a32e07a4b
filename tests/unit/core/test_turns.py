from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from core.turns import Turns


def wait_for_line(turns: Turns, length: int) -> None:
    deadline = time.monotonic() + 10
    while len(turns._line) < length:
        assert time.monotonic() < deadline
        threading.Event().wait(0.001)


def test_there_are_so_many_places_and_no_more() -> None:
    turns = Turns(2)

    assert turns.take(seconds=0)
    assert turns.take(seconds=0)
    assert not turns.take(seconds=0.01)
    turns.give_back()
    assert turns.take(seconds=0)


def test_who_waited_longest_is_next() -> None:
    turns, order = Turns(1), list[int]()
    turns.take(seconds=0)

    def wait(number: int) -> None:
        assert turns.take(seconds=10)
        order.append(number)
        turns.give_back()

    with ThreadPoolExecutor(5) as threads:
        for number in range(5):
            threads.submit(wait, number)
            wait_for_line(turns, number + 1)
        turns.give_back()

    assert order == [0, 1, 2, 3, 4]


def test_a_place_is_not_taken_again_before_somebody_who_waits() -> None:
    turns = Turns(1)
    turns.take(seconds=0)
    with ThreadPoolExecutor(1) as threads:
        waiter = threads.submit(turns.take, seconds=10)
        wait_for_line(turns, 1)

        turns.give_back()

        assert not turns.take(seconds=0)
        assert waiter.result()


def test_who_gave_up_is_passed_over() -> None:
    turns = Turns(1)
    turns.take(seconds=0)
    assert not turns.take(seconds=0.01)

    turns.give_back()

    assert turns.take(seconds=0)


def test_no_place_is_lost_or_doubled_by_many_who_wait_and_give_up() -> None:
    turns, inside, most = Turns(3), 0, 0
    lock = threading.Lock()

    def come_and_go(number: int) -> None:
        nonlocal inside, most
        for round_ in range(200):
            if not turns.take(seconds=0.0001 * (number + round_ % 3)):
                continue
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1
            turns.give_back()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(come_and_go, range(8)))

    assert most <= 3
    assert [turns.take(seconds=0) for _ in range(4)] == [True, True, True, False]
