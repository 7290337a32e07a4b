"""Encryption at rest of stored files: streamed in, read back in any range.

A sealed file is `SLF1`, the id of the secret key, a random salt, then chunks of 64 KiB under AES-256-GCM
(the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). The file's own key is derived from
the secret key and the salt, so the chunk's number can be the nonce; the nonce's last byte marks the last
chunk, so that a file cut short or chunks exchanged are noticed. The associated data holds the header and
whom the file belongs to: copied to another tenant's place it does not open.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.setting_types import SecretKey

CHUNK = 64 * 1024
_MAGIC = b"SLF1"
_KEY_ID_BYTES = 16
_SALT_BYTES = 16
_TAG_BYTES = 16
HEADER_BYTES = len(_MAGIC) + _KEY_ID_BYTES + _SALT_BYTES
_SEALED_CHUNK = CHUNK + _TAG_BYTES
_CHUNKS_A_READ = 16

ReadRange = Callable[[int, int], bytes]


class SealBroken(Exception):
    """A stored file is not what was written, is another tenant's, or its key is gone."""


def seal(parts: Iterable[bytes], key: SecretKey, *, bound_to: str) -> Iterator[bytes]:
    """The sealed form of a stream, of any length, in memory of a few chunks.

    `bound_to` names the owner and purpose and must be given again to open it.
    """
    header = _MAGIC + key.id.encode("ascii") + os.urandom(_SALT_BYTES)
    cipher = _cipher(key, header)
    bound = header + bound_to.encode()
    yield header
    number, waiting = 0, None
    for chunk in _rechunked(parts):
        if waiting is not None:
            yield cipher.encrypt(_nonce(number, last=False), waiting, bound)
            number += 1
        waiting = chunk
    yield cipher.encrypt(_nonce(number, last=True), waiting or b"", bound)


class SealedFile:
    """A sealed file of which any range can be read; `length` is that of the content in bytes."""

    def __init__(self, read: ReadRange, size: int, keys: Sequence[SecretKey], *, bound_to: str) -> None:
        """`read(start, end)` gives the stored bytes, `size` is their number. Raises SealBroken."""
        header = read(0, HEADER_BYTES) if size >= HEADER_BYTES + _TAG_BYTES else b""
        if not header.startswith(_MAGIC):
            raise SealBroken("the file is not a sealed one")
        self._read = read
        self._size = size
        self._cipher = _cipher(_key_of(header, keys), header)
        self._bound = header + bound_to.encode()
        self._chunks = -(-(size - HEADER_BYTES) // _SEALED_CHUNK)
        self.length = size - HEADER_BYTES - self._chunks * _TAG_BYTES

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """The content from `start` to before `end`, in pieces of at most 1 MiB. Raises SealBroken."""
        end = min(end, self.length)
        first = start // CHUNK
        while first * CHUNK < end:
            after = min(first + _CHUNKS_A_READ, -(-end // CHUNK))
            content = self._open(first, after)
            yield content[max(start - first * CHUNK, 0) : end - first * CHUNK]
            first = after

    def _open(self, first: int, after: int) -> bytes:
        sealed = memoryview(self._read(_offset(first), min(_offset(after), self._size)))
        try:
            return b"".join(
                self._cipher.decrypt(
                    _nonce(number, last=number == self._chunks - 1),
                    sealed[(number - first) * _SEALED_CHUNK :][:_SEALED_CHUNK],
                    self._bound,
                )
                for number in range(first, after)
            )
        except InvalidTag as error:
            raise SealBroken("the file was changed, cut short or belongs to someone else") from error


def _rechunked(parts: Iterable[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for part in parts:
        buffer += part
        while len(buffer) >= CHUNK:
            yield bytes(buffer[:CHUNK])
            del buffer[:CHUNK]
    if buffer:
        yield bytes(buffer)


def _offset(chunk: int) -> int:
    return HEADER_BYTES + chunk * _SEALED_CHUNK


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(key: SecretKey, header: bytes) -> AESGCM:
    salt = header[-_SALT_BYTES:]
    return AESGCM(HKDF(SHA256(), 32, salt, b"sightline stored file 1").derive(key.key))


def _key_of(header: bytes, keys: Sequence[SecretKey]) -> SecretKey:
    wanted = header[len(_MAGIC) : -_SALT_BYTES].decode("ascii", "replace")
    for key in keys:
        if key.id == wanted:
            return key
    raise SealBroken(f"its secret key {wanted} is not among the keys given")
