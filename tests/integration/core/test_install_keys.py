from __future__ import annotations

from collections.abc import Iterator

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
    keys = InstallKeys(server.url, Outbound())
    server.answers["/key-3"] = answer
    with pytest.raises(Unreachable):
        keys.get("key-3")

    server.answers["/key-3"] = (200, pem_of(KEY))
    keys.get("key-3")
