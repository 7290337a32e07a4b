"""Atlassian's public keys, with which installations are signed."""

import time
from collections.abc import Callable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from core.outbound import Outbound, Unreachable
from core.recent import Recent

_PEM = b"-----BEGIN PUBLIC KEY-----"
_LEAST_BITS = 2048
_OK, _NOT_FOUND = 200, 404
# A key of one id never changes; a day bounds how long a withdrawn one is still believed.
_KEPT_SECONDS = 86_400
_UNKNOWN_SECONDS = 60


class KeyUnknown(Exception):
    """There is no such key."""


class InstallKeys:
    """The keys below one address, fetched as they are needed and remembered, unknown ones for a minute."""

    def __init__(self, url: str, outbound: Outbound, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url.rstrip("/")
        self._outbound = outbound
        self._keys: Recent[str, RSAPublicKey] = Recent(size=64, seconds=_KEPT_SECONDS, clock=clock)
        self._unknown: Recent[str, bool] = Recent(size=1024, seconds=_UNKNOWN_SECONDS, clock=clock)

    def get(self, key_id: str) -> RSAPublicKey:
        """The key of an id that `core.tokens.unverified_key_id` let through.

        Raises KeyUnknown where there is none, and Unreachable where that cannot be found out now.
        """
        key = self._keys.get(key_id)
        if key is not None:
            return key
        if self._unknown.get(key_id):
            raise KeyUnknown
        answer = self._outbound.request("GET", f"{self._url}/{key_id}", headers={"Accept": "*/*"})
        if answer.status == _NOT_FOUND:
            self._unknown.put(key_id, True)
            raise KeyUnknown
        if answer.status != _OK:
            raise Unreachable(f"the install keys' server answered {answer.status}")
        key = _public_key(answer.body)
        self._keys.put(key_id, key)
        return key


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
