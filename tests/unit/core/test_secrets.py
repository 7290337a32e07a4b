from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import uuid7
from core.secrets import SealedSecret, Secrets, SecretUnreadable
from core.setting_types import new_secret_key, secret_keys

OLD, NEW = new_secret_key(), new_secret_key()
SITE = str(uuid7())


def secrets(*keys: str) -> Secrets:
    return Secrets(secret_keys(",".join(keys)))


@given(st.text())
def test_a_secret_opens_to_what_was_sealed(secret: str) -> None:
    secret = secret.encode("utf-8", "replace").decode()
    box = secrets(NEW)

    assert box.open(SITE, box.seal(SITE, secret)) == secret


def test_what_is_sealed_does_not_hold_the_secret_and_never_looks_the_same() -> None:
    box = secrets(NEW)
    first, second = box.seal(SITE, "the secret"), box.seal(SITE, "the secret")

    assert b"the secret" not in first.data
    assert first.data != second.data


def test_another_tenants_secret_does_not_open() -> None:
    box = secrets(NEW)
    sealed = box.seal(SITE, "the secret")

    with pytest.raises(SecretUnreadable):
        box.open(str(uuid7()), sealed)


def test_a_changed_secret_does_not_open() -> None:
    box = secrets(NEW)
    sealed = box.seal(SITE, "the secret")
    for place in range(len(sealed.data)):
        changed = bytearray(sealed.data)
        changed[place] ^= 1
        with pytest.raises(SecretUnreadable):
            box.open(SITE, SealedSecret(sealed.key_id, bytes(changed)))
    with pytest.raises(SecretUnreadable):
        box.open(SITE, SealedSecret(sealed.key_id, b""))


def test_after_a_new_key_old_secrets_open_and_new_ones_use_it() -> None:
    before = secrets(OLD).seal(SITE, "the secret")
    box = secrets(NEW, OLD)

    assert box.open(SITE, before) == "the secret"
    assert box.seal(SITE, "x").key_id == secrets(NEW).seal(SITE, "x").key_id != before.key_id


def test_without_its_key_a_secret_does_not_open() -> None:
    sealed = secrets(OLD).seal(SITE, "the secret")

    with pytest.raises(SecretUnreadable, match=sealed.key_id):
        secrets(NEW).open(SITE, sealed)


def test_without_any_key_nothing_can_be_sealed() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Secrets(())
