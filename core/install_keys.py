"""Atlassian's public keys, with which installations are signed.

1. A key that was fetched within a day is used from memory; an id without key is remembered for a minute, and
   one that could not be asked for, for some seconds.
2. Anything else is fetched, by one thread for an id at a time, and no more often than the allowance permits:
   ids come from strangers, who must not be able to make us call the keys' server as often as they like.
3. Where no answer can be had, a key that was good within a week still is.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from core.allowance import Allowance
from core.outbound import Outbound, Unreachable
from core.recent import Recent

_PEM = b"-----BEGIN PUBLIC KEY-----"
_LEAST_BITS = 2048
_OK, _NOT_FOUND = 200, 404
# A key of one id never changes; a day bounds how long a withdrawn one is still believed, in an outage a week.
_FRESH_SECONDS = 86_400
_USABLE_SECONDS = 7 * _FRESH_SECONDS
_UNKNOWN_SECONDS = 60
_FAILED_SECONDS = 5
# New keys come a few times a year.
_BURST, _SECONDS_A_FETCH = 10, 2.0
# How many threads may wait for the keys' server at a time, and how long others wait for them.
_TURNS, _PATIENCE = 4, 2.0


class KeyUnknown(Exception):
    """There is no such key."""


class InstallKeys:
    """The keys below one address, fetched as they are needed. Thread-safe."""

    def __init__(self, url: str, outbound: Outbound, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url.rstrip("/")
        self._outbound = outbound
        self._keys: Recent[str, RSAPublicKey] = Recent(size=64, seconds=_USABLE_SECONDS, clock=clock)
        self._fresh: Recent[str, bool] = Recent(size=64, seconds=_FRESH_SECONDS, clock=clock)
        self._unknown: Recent[str, bool] = Recent(size=1024, seconds=_UNKNOWN_SECONDS, clock=clock)
        self._failed: Recent[str, bool] = Recent(size=1024, seconds=_FAILED_SECONDS, clock=clock)
        self._allowance = Allowance(burst=_BURST, seconds=_SECONDS_A_FETCH, clock=clock)
        self._turns = [threading.Lock() for _ in range(_TURNS)]

    def get(self, key_id: str) -> RSAPublicKey:
        """The key of an id that `core.tokens.unverified_key_id` let through.

        Raises KeyUnknown where there is none, and Unreachable where that cannot be found out now.
        """
        try:
            return self._remembered(key_id) or self._fetched_in_turn(key_id)
        except Unreachable:
            old = self._keys.get(key_id)
            if old is None:
                raise
            return old

    def _remembered(self, key_id: str) -> RSAPublicKey | None:
        if self._unknown.get(key_id):
            raise KeyUnknown
        if self._failed.get(key_id):
            raise Unreachable("the install keys' server gave no answer a moment ago")
        return self._keys.get(key_id) if self._fresh.get(key_id) else None

    def _fetched_in_turn(self, key_id: str) -> RSAPublicKey:
        with self._turn(key_id):
            # Who waited finds what the one before it fetched.
            return self._remembered(key_id) or self._fetched(key_id)

    def _fetched(self, key_id: str) -> RSAPublicKey:
        if not self._allowance.take():
            raise Unreachable("the install keys' server was asked too often for keys that we do not have")
        try:
            key = self._asked(key_id)
        except KeyUnknown:
            self._keys.forget(key_id)
            self._unknown.put(key_id, True)
            raise
        except Unreachable:
            self._failed.put(key_id, True)
            raise
        self._keys.put(key_id, key)
        self._fresh.put(key_id, True)
        return key

    def _asked(self, key_id: str) -> RSAPublicKey:
        answer = self._outbound.request("GET", f"{self._url}/{key_id}", headers={"Accept": "*/*"})
        if answer.status == _NOT_FOUND:
            raise KeyUnknown
        if answer.status != _OK:
            raise Unreachable(f"the install keys' server answered {answer.status}")
        return _public_key(answer.body)

    @contextmanager
    def _turn(self, key_id: str) -> Iterator[None]:
        turn = self._turns[hash(key_id) % _TURNS]
        if not turn.acquire(timeout=_PATIENCE):
            raise Unreachable("the install keys' server takes too long")
        try:
            yield
        finally:
            turn.release()


def _public_key(pem: bytes) -> RSAPublicKey:
    if not pem.lstrip().startswith(_PEM):
        raise Unreachable("the install keys' server answered with something that is no public key")
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unreachable("the install keys' server answered with a damaged key") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
        raise Unreachable("the install keys' server answered with a key of another kind")
    return key
