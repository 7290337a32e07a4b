"""Tenants' shared secrets, encrypted before they are stored.

AES-256-GCM with a random nonce of 96 bits. The tenant's client key is bound as associated data, so that one
tenant's ciphertext put into another's row does not open. Not its id, which a purge replaces: a site goes on
with its connection as it is, and no process that purges has to open a secret.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.setting_types import SecretKey

_NONCE_BYTES = 12
_PURPOSE = b"sightline shared secret\0"


class SecretUnreadable(Exception):
    """The key is not among `SECRET_KEYS`, or the ciphertext is damaged or another tenant's."""


@dataclass(frozen=True)
class SealedSecret:
    """A secret as the database holds it: the key's id, and nonce and ciphertext in one."""

    key_id: str
    data: bytes


class Secrets:
    """Seals with the newest of `keys`, opens with whichever was used. Raises ValueError without any."""

    def __init__(self, keys: Sequence[SecretKey]) -> None:
        if not keys:
            raise ValueError("at least one secret key is needed")
        self.newest = keys[0].id
        """The id of the key that seals."""
        self._ciphers = {key.id: AESGCM(key.key) for key in keys}

    def seal(self, client_key: str, secret: str) -> SealedSecret:
        """Encrypts a tenant's secret under the newest key."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.newest].encrypt(nonce, secret.encode(), _bound_to(client_key))
        return SealedSecret(self.newest, nonce + sealed)

    def open(self, client_key: str, sealed: SealedSecret) -> str:
        """The tenant's secret. Raises SecretUnreadable."""
        cipher = self._ciphers.get(sealed.key_id)
        if cipher is None:
            raise SecretUnreadable(f"no key {sealed.key_id} among the secret keys")
        nonce, data = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, data, _bound_to(client_key)).decode()
        except (InvalidTag, ValueError) as error:
            raise SecretUnreadable("the stored secret does not open") from error


def _bound_to(client_key: str) -> bytes:
    return _PURPOSE + client_key.encode()
