"""Whoever sends notices is killed at every step of a message: nobody is mailed twice, and doubt is told."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psutil
import pytest

from tests.mail_server import mail_server
from tests.notices import Notices
from tests.separation import session
from tests.workers import Workplace, eventually, kill

BEFORE = [f"before{number}@acme.example" for number in range(3)]
HIT = "hit@bell.example"
AFTER = [f"after{number}@cern.example" for number in range(3)]
EVERYBODY = [*BEFORE, HIT, *AFTER]


@pytest.fixture
def notices(place: Workplace) -> Iterator[Notices]:
    with mail_server() as server:
        place.environment |= {"SMTP_URL": server.url, "MAIL_PER_MINUTE": "100000"}
        made = Notices(place, server)
        for site, addresses in (("a", BEFORE), ("b", [HIT]), ("c", AFTER)):
            made.site(site, *addresses)
        yield made


@contextmanager
def at_announcement(notices: Notices) -> Iterator[None]:
    """The message is marked and has not left: the server thinks about the recipient."""
    notices.server.held[HIT] = "RCPT"
    yield
    notices.server.held.clear()
    notices.server.go_on.set()


@contextmanager
def at_answer(notices: Notices) -> Iterator[None]:
    """The message has left and is taken: the server has not answered yet."""
    notices.server.held[HIT] = "DATA"
    yield
    notices.server.held.clear()
    notices.server.go_on.set()


@contextmanager
def at_note(notices: Notices) -> Iterator[None]:
    """The message was answered, and is not noted: somebody holds its row, up to the end of who would note."""
    notices.server.held[HIT] = "DATA"
    with session(notices.place.urls.owner) as cursor:
        cursor.execute("set local role sightline_definer")
        eventually(notices.server.holding.is_set, "the message to leave")
        cursor.execute("select from notification_messages where address = %s for update", (HIT,))
        notices.server.held.clear()
        notices.server.go_on.set()
        eventually(lambda: noting(notices, "count(*)") == 1, "the note to wait")
        yield
        # PostgreSQL would not miss who asked, and carry it out.
        noting(notices, "bool_and(pg_terminate_backend(pid, 5000))")


def noting(notices: Notices, what: str) -> object:
    """Something about the database's processes that wait to note a message."""
    with session(notices.place.urls.owner) as cursor:
        cursor.execute(
            f"select {what} from pg_stat_activity where datname = current_database()"
            " and wait_event_type = 'Lock' and query like '%note_message%'"
        )
        (found,) = cursor.fetchall()
        return found[0]


STEPS = {"announced": (at_announcement, 0), "left": (at_answer, 1), "answered": (at_note, 1)}


@dataclass
class Killed:
    """Which process of the worker dies."""

    notices: Notices
    worker: subprocess.Popen[bytes]
    notification: UUID

    @property
    def task_id(self) -> UUID:
        return UUID(str(self.notices.show(self.notification)["task"]["id"]))

    def work_horse(self) -> psutil.Process:
        return self.notices.place.work_horse(self.task_id)

    def parent(self) -> psutil.Process:
        """The worker's process whose child is sending, which lives on as an orphan."""
        found = self.work_horse().parent()
        assert found is not None
        return found


def settled(notices: Notices, notification: UUID) -> bool:
    return notices.task_state(notification) == "done"


@pytest.mark.parametrize("step", STEPS)
def test_a_sender_killed_at_a_message_leaves_doubt_exactly_there(notices: Notices, step: str) -> None:
    hold, times_taken = STEPS[step]
    notification = notices.write()
    with notices.place.worker("--processes", "2") as worker:
        killed = Killed(notices, worker, notification)
        with hold(notices):
            eventually(notices.server.holding.is_set, "the message")
            assert notices.states(notification)[HIT] == "sending"
            kill(killed.work_horse())
        eventually(lambda: settled(notices, notification), "the end")

    assert notices.states(notification) == dict.fromkeys(EVERYBODY, "sent") | {HIT: "unknown"}
    assert notices.mailed == {address: 1 for address in EVERYBODY if address != HIT or times_taken}


def test_an_orphan_that_still_hears_the_answer_notes_it(notices: Notices) -> None:
    notification = notices.write()
    with notices.place.worker("--processes", "2") as worker:
        killed = Killed(notices, worker, notification)
        with at_answer(notices):
            eventually(notices.server.holding.is_set, "the message")
            kill(killed.parent())
        eventually(lambda: settled(notices, notification), "the end")

    assert notices.states(notification) == dict.fromkeys(EVERYBODY, "sent")
    assert set(notices.mailed.values()) == {1}


def test_a_frozen_sender_that_wakes_after_its_lease_notes_what_it_knows(notices: Notices) -> None:
    notification = notices.write()
    with notices.place.worker("--processes", "2") as worker:
        killed = Killed(notices, worker, notification)
        with at_answer(notices):
            eventually(notices.server.holding.is_set, "the message")
            frozen = killed.work_horse()
            frozen.suspend()
        eventually(lambda: settled(notices, notification), "the end")
        assert notices.states(notification)[HIT] == "unknown"
        frozen.resume()
        eventually(lambda: notices.states(notification)[HIT] == "sent", "the note")

    assert set(notices.mailed.values()) == {1}


def test_a_worker_asked_to_stop_leaves_no_doubt(notices: Notices) -> None:
    notification = notices.write()
    with notices.place.worker("--processes", "1") as worker, at_answer(notices):
        eventually(notices.server.holding.is_set, "the message")
        worker.terminate()
        notices.server.go_on.set()
        assert worker.wait(30) == 0
    assert notices.states(notification)[HIT] == "sent"
    with notices.place.worker("--processes", "1"):
        eventually(lambda: settled(notices, notification), "the end")

    assert notices.mailed == dict.fromkeys(EVERYBODY, 1)


def test_a_database_that_is_away_for_the_note_is_waited_for(notices: Notices) -> None:
    notification = notices.write()
    with notices.place.worker("--processes", "1"):
        with at_answer(notices):
            eventually(notices.server.holding.is_set, "the message")
            notices.place.refuse_connections()
        eventually(lambda: len(notices.mailed) >= len(BEFORE) + 1, "the answer")
        notices.place.accept_connections()
        eventually(lambda: settled(notices, notification), "the end")

    assert notices.states(notification) == dict.fromkeys(EVERYBODY, "sent")
    assert notices.mailed == dict.fromkeys(EVERYBODY, 1)


def test_a_cancelled_notification_stops_between_two_messages(notices: Notices) -> None:
    notification = notices.write()
    with notices.place.worker("--processes", "1"):
        with at_answer(notices):
            eventually(notices.server.holding.is_set, "the message")
            assert notices.cancel(notification) == len(AFTER)
        eventually(lambda: notices.states(notification)[HIT] == "sent", "the note")
        eventually(
            lambda: notices.place.logged(message="attempt ended", kind="notify", outcome="lost"), "its end"
        )

    assert notices.states(notification) == dict.fromkeys([*BEFORE, HIT], "sent") | dict.fromkeys(
        AFTER, "cancelled"
    )
    assert notices.mailed == dict.fromkeys([*BEFORE, HIT], 1)
