from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.install_keys import InstallKeys, KeyUnknown
from core.outbound import Outbound, Unreachable
from tests.integration.api.connect_site import KEY, Answering, answering, pem_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering() as there:
        there.answers["/key-1"] = (200, pem_of(KEY))
        yield there


def test_a_key_is_fetched_once_a_day(server: Answering) -> None:
    clock = Clock()
    keys = InstallKeys(f"{server.url}/", Outbound(), clock=clock)

    assert keys.get("key-1").public_numbers() == KEY.public_key().public_numbers()
    keys.get("key-1")
    assert len(server.asked) == 1
    clock.now = 86_401
    keys.get("key-1")
    assert len(server.asked) == 2


def test_an_unknown_key_is_asked_for_once_a_minute(server: Answering) -> None:
    clock = Clock()
    keys = InstallKeys(server.url, Outbound(), clock=clock)
    for _ in range(3):
        with pytest.raises(KeyUnknown):
            keys.get("key-2")
    assert len(server.asked) == 1

    clock.now = 61
    server.answers["/key-2"] = (200, pem_of(KEY))
    keys.get("key-2")


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (302, b"http://127.0.0.1:1/"),
        (200, b""),
        (200, b"<html>"),
        (200, b"-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----"),
        (200, pem(ec.generate_private_key(ec.SECP256R1()))),
        (200, pem_of(rsa.generate_private_key(public_exponent=65537, key_size=1024))),  # noqa: S505 - it must be refused
        (200, pem_of(KEY) + b" " * 100_000),
    ],
    ids=["error", "redirect", "nothing", "page", "nonsense", "other kind", "short", "endless"],
)
def test_an_answer_that_is_no_key_is_not_remembered(server: Answering, answer: tuple[int, bytes]) -> None:
    clock = Clock()
    keys = InstallKeys(server.url, Outbound(), clock=clock)
    server.answers["/key-3"] = answer
    with pytest.raises(Unreachable):
        keys.get("key-3")

    clock.now = 6
    server.answers["/key-3"] = (200, pem_of(KEY))
    keys.get("key-3")


def test_a_key_that_was_good_a_week_ago_still_is_while_the_server_is_away(server: Answering) -> None:
    clock = Clock()
    keys = InstallKeys(server.url, Outbound(), clock=clock)
    keys.get("key-1")
    server.answers["/key-1"] = (503, b"")

    clock.now = 6 * 86_400
    for _ in range(20):
        assert keys.get("key-1").public_numbers() == KEY.public_key().public_numbers()
    assert len(server.asked) == 2
    clock.now = 8 * 86_400
    with pytest.raises(Unreachable):
        keys.get("key-1")


def test_a_key_that_was_withdrawn_is_not_believed_the_next_day(server: Answering) -> None:
    clock = Clock()
    keys = InstallKeys(server.url, Outbound(), clock=clock)
    keys.get("key-1")
    del server.answers["/key-1"]

    clock.now = 86_401
    with pytest.raises(KeyUnknown):
        keys.get("key-1")


def test_a_stranger_cannot_make_us_call_the_server_as_often_as_they_like(server: Answering) -> None:
    clock = Clock()
    keys = InstallKeys(server.url, Outbound(), clock=clock)
    keys.get("key-1")

    for number in range(500):
        clock.now += 0.01
        with pytest.raises((KeyUnknown, Unreachable)):
            keys.get(f"made-up-{number}")

    assert 5 <= len(server.asked) <= 15
    keys.get("key-1")


def test_a_new_key_is_fetched_again_once_the_stranger_has_gone(server: Answering) -> None:
    clock = Clock()
    keys = InstallKeys(server.url, Outbound(), clock=clock)
    for number in range(50):
        with pytest.raises((KeyUnknown, Unreachable)):
            keys.get(f"made-up-{number}")
    with pytest.raises(Unreachable):
        keys.get("key-1")

    clock.now += 2
    keys.get("key-1")


def test_a_server_that_is_away_is_not_asked_again_at_once(server: Answering) -> None:
    clock = Clock()
    keys = InstallKeys(server.url, Outbound(), clock=clock)
    server.answers["/key-2"] = (500, b"")
    for _ in range(10):
        with pytest.raises(Unreachable):
            keys.get("key-2")
    assert len(server.asked) == 1

    clock.now = 6
    server.answers["/key-2"] = (200, pem_of(KEY))
    keys.get("key-2")


def test_many_installations_at_once_fetch_their_key_once(server: Answering) -> None:
    keys = InstallKeys(server.url, Outbound())
    together = threading.Barrier(30)

    def get(_: int) -> int:
        together.wait()
        return keys.get("key-1").key_size

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(get, range(30))) == {2048}
    assert len(server.asked) == 1


def test_threads_that_wait_for_a_silent_server_leave_others_to_their_work() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        keys = InstallKeys(f"http://127.0.0.1:{silent.getsockname()[1]}", Outbound(timeout=30))
        waiting = [threading.Thread(target=refused, args=(keys, f"id-{n}"), daemon=True) for n in range(8)]
        for thread in waiting:
            thread.start()
        began = time.monotonic()
        refused(keys, "id-0")
        assert time.monotonic() - began < 10


def refused(keys: InstallKeys, key_id: str) -> None:
    with suppress(Unreachable):
        keys.get(key_id)
