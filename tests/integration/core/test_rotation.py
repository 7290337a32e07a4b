from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID, uuid4

import psycopg2
import pytest

from core.database import Database
from core.ids import uuid7
from core.rotation import Rotated, RotationImpossible, _as_definer, rotate_secrets
from core.secrets import SealedSecret, Secrets, SecretUnreadable
from core.setting_types import new_secret_key, secret_keys
from core.tenants import Tenants
from tests.databases import DatabaseUrls

OLD, NEW = new_secret_key(), new_secret_key()
INSTALL = (
    "select * from install_tenant(%s, %s, 'https://a.atlassian.net', %s, %s, now(), %s, 'b',"
    " now() + interval '1 h')"
)


def secrets(*keys: str) -> Secrets:
    return Secrets(secret_keys(",".join(keys)))


@pytest.fixture
def api(database: DatabaseUrls) -> Iterator[Database]:
    made = Database(database.api)
    yield made
    made.close()


def install(api: Database, name: str, keys: Secrets, *, secret: str = "", tenant: UUID | None = None) -> UUID:
    tenant_id = tenant or uuid7()
    sealed = keys.seal(name, secret or f"the secret of {name}")
    api.read_system(INSTALL, (tenant_id, name, sealed.data, sealed.key_id, uuid4().bytes))
    return tenant_id


def found(api: Database, name: str, *keys: str) -> tuple[str | None, int]:
    """A site's secret and its version, as a process with these keys has them."""
    tenant = Tenants(api, secrets(*keys)).find(name)
    assert tenant is not None
    return tenant.secret, tenant.secret_version


def test_after_a_rotation_the_newest_key_alone_opens_every_secret(
    api: Database, database: DatabaseUrls
) -> None:
    names = [f"site {number}" for number in range(7)]
    for name in names:
        install(api, name, secrets(OLD))
    with pytest.raises(SecretUnreadable):
        found(api, names[0], NEW)

    rotated = rotate_secrets(database.owner, secrets(NEW, OLD), at_once=3)

    assert rotated == Rotated(done=7, left=0, unreadable=())
    assert [found(api, name, NEW) for name in names] == [(f"the secret of {name}", 1) for name in names]
    assert rotate_secrets(database.owner, secrets(NEW)) == Rotated(0, 0, ())


def test_a_process_that_remembers_a_secret_is_not_refused_after_a_rotation(
    api: Database, database: DatabaseUrls
) -> None:
    install(api, "acme", secrets(OLD))
    tenants = Tenants(api, secrets(NEW, OLD))
    before = tenants.recall("acme")
    assert before is not None

    rotate_secrets(database.owner, secrets(NEW, OLD))

    assert tenants.recall("acme") is before
    assert tenants.find("acme") == before
    assert api.read(before.id, "select 1 as one", secret_version=before.secret_version) == [{"one": 1}]


@pytest.mark.parametrize("sealed_with", [[NEW, OLD], [OLD]], ids=["the new keys", "the old keys still"])
def test_an_installation_at_the_same_moment_wins(
    api: Database, database: DatabaseUrls, sealed_with: list[str]
) -> None:
    tenant = install(api, "acme", secrets(OLD))

    class Interrupted(Secrets):
        """Has the site installed anew after the row was read and before it is written."""

        times = 0

        def open(self, client_key: str, sealed: SealedSecret) -> str:
            self.times += 1
            if self.times == 1:
                install(api, "acme", secrets(*sealed_with), secret="a newer secret", tenant=tenant)
            return super().open(client_key, sealed)

    keys = Interrupted(secret_keys(f"{NEW},{OLD}"))
    rotated = rotate_secrets(database.owner, keys)
    if sealed_with == [OLD]:  # the pass that lost against it did nothing, which ends the passes
        assert rotated == Rotated(0, 1, ())
        rotated = rotate_secrets(database.owner, keys)

    assert (rotated.left, rotated.unreadable) == (0, ())
    assert found(api, "acme", NEW) == ("a newer secret", 2)


def test_what_an_interruption_leaves_the_next_run_does(api: Database, database: DatabaseUrls) -> None:
    for number in range(10):
        install(api, f"site {number}", secrets(OLD))

    def interrupt(done: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_secrets(database.owner, secrets(NEW, OLD), at_once=2, progress=interrupt)

    assert rotate_secrets(database.owner, secrets(NEW, OLD)) == Rotated(6, 0, ())


def test_what_no_key_opens_is_told_and_left_as_it_is(api: Database, database: DatabaseUrls) -> None:
    lost = install(api, "lost", secrets(new_secret_key()))
    damaged = install(api, "damaged", secrets(OLD))
    install(api, "fine", secrets(OLD))
    strange = secrets(OLD).seal("another", "another tenant's")
    install(api, "damaged", secrets(OLD), tenant=damaged)
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("update tenants set secret = %s where id = %s", (strange.data, str(damaged)))
        cursor.execute("select secret from tenants where id in %s", ((str(lost), str(damaged)),))
        before = sorted(bytes(row[0]) for row in cursor.fetchall())

    rotated = rotate_secrets(database.owner, secrets(NEW, OLD), at_once=1)

    assert (rotated.done, rotated.left, set(rotated.unreadable)) == (1, 0, {lost, damaged})
    assert found(api, "fine", NEW)[0] == "the secret of fine"
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("select secret from tenants where id in %s", ((str(lost), str(damaged)),))
        assert sorted(bytes(row[0]) for row in cursor.fetchall()) == before


def test_an_uninstalled_site_has_nothing_to_rotate(api: Database, database: DatabaseUrls) -> None:
    tenant = install(api, "gone", secrets(OLD))
    api.read_system(
        "select change_tenant(%s, 'uninstalled', null, now(), 't', 'b', now() + interval '1 h')", (tenant,)
    )

    assert rotate_secrets(database.owner, secrets(NEW, OLD)) == Rotated(0, 0, ())


def test_an_owner_that_is_no_superuser_rotates_too(api: Database, database: DatabaseUrls) -> None:
    install(api, "acme", secrets(OLD))
    name = f"rotator_{uuid4().hex}"
    with closing(psycopg2.connect(database.owner)) as owner, owner, owner.cursor() as cursor:
        cursor.execute(f"create role {name} login password 'x'")
        cursor.execute(f"grant sightline_definer to {name} with inherit false, set true")
    plain = f"postgresql://{name}:x@{database.owner.rpartition('@')[2]}"
    with (
        closing(psycopg2.connect(plain)) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute("select * from public.tenants")

    assert rotate_secrets(plain, secrets(NEW, OLD)) == Rotated(1, 0, ())


def test_a_definer_that_does_not_see_every_tenant_is_noticed(database: DatabaseUrls) -> None:
    """In a transaction that never ends well, as the role belongs to the whole server."""
    with closing(psycopg2.connect(database.owner)) as owner:
        with owner.cursor() as cursor:
            cursor.execute("alter role sightline_definer nobypassrls")
        with pytest.raises(KeyboardInterrupt), _as_definer(owner):
            raise KeyboardInterrupt  # its policy alone lets it see them
        with owner.cursor() as cursor:
            cursor.execute("alter role sightline_definer nobypassrls; drop policy definer on tenants")
        with pytest.raises(RotationImpossible), _as_definer(owner):
            pytest.fail("it must not begin")
