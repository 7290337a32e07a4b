from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.setting_types import SecretKey, new_secret_key, secret_keys
from core.store_cipher import CHUNK, HEADER_BYTES, SealBroken, SealedFile, seal

KEY, OTHER = secret_keys(f"{new_secret_key()},{new_secret_key()}")
SIZES = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 17 * CHUNK, 20 * CHUNK + 5])


def content_of(size: int) -> bytes:
    return (b"0123456789abcdefg" * (size // 17 + 1))[:size]


def opened(sealed: bytes, keys: Sequence[SecretKey] = (KEY,), owner: str = "a") -> SealedFile:
    return SealedFile(lambda start, end: sealed[start:end], len(sealed), keys, bound_to=owner)


def sealed_of(content: bytes, piece: int = 100_000) -> bytes:
    pieces = (content[start : start + piece] for start in range(0, len(content), piece))
    return b"".join(seal(pieces, KEY, bound_to="a"))


@given(size=SIZES, piece=st.integers(1000, 3 * CHUNK), start=st.floats(0, 1), end=st.floats(0, 1))
def test_any_range_reads_as_it_was_written(size: int, piece: int, start: float, end: float) -> None:
    content = content_of(size)
    file = opened(sealed_of(content, piece))
    first, after = int(start * size), int(end * size)
    assert file.length == size
    assert b"".join(file.read(0, size)) == content
    assert b"".join(file.read(first, after)) == content[first:after]


@given(size=SIZES.filter(bool), position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(size: int, position: float, bit: int) -> None:
    sealed = bytearray(sealed_of(content_of(size)))
    sealed[int(position * len(sealed))] ^= 1 << bit
    with pytest.raises(SealBroken):
        list(opened(bytes(sealed)).read(0, size))


@pytest.mark.parametrize("chunks", [1, 2])
def test_a_file_cut_short_at_a_chunk_is_noticed(chunks: int) -> None:
    sealed = sealed_of(content_of(3 * CHUNK))
    cut = sealed[: HEADER_BYTES + chunks * (CHUNK + 16)]
    with pytest.raises(SealBroken, match="cut short"):
        list(opened(cut).read(0, CHUNK * chunks))


def test_exchanged_chunks_are_noticed() -> None:
    sealed = sealed_of(content_of(3 * CHUNK))
    step = CHUNK + 16
    first, second = (sealed[HEADER_BYTES + n * step :][:step] for n in (0, 1))
    swapped = sealed[:HEADER_BYTES] + second + first + sealed[HEADER_BYTES + 2 * step :]
    with pytest.raises(SealBroken):
        list(opened(swapped).read(0, 10))


def test_a_file_does_not_open_for_another_owner() -> None:
    with pytest.raises(SealBroken):
        list(opened(sealed_of(b"reports"), owner="b").read(0, 7))


def test_an_older_key_still_opens_and_a_missing_one_is_named() -> None:
    sealed = sealed_of(b"reports")
    assert b"".join(opened(sealed, (OTHER, KEY)).read(0, 7)) == b"reports"
    with pytest.raises(SealBroken, match=KEY.id):
        opened(sealed, (OTHER,))


def test_two_files_of_the_same_content_look_different() -> None:
    assert sealed_of(b"reports")[HEADER_BYTES:] != sealed_of(b"reports")[HEADER_BYTES:]


@pytest.mark.parametrize("stored", [b"", b"SLF1", b"PK" * 40])
def test_what_is_no_sealed_file_is_refused(stored: bytes) -> None:
    with pytest.raises(SealBroken, match="not a sealed one"):
        opened(stored)
