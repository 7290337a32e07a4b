from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2.extensions
import pytest

from core.setting_types import has_example_password, is_loopback, new_secret_key
from core.settings import Settings, SettingsError


def read(*needs: str, **environment: str) -> Settings:
    return Settings.from_environment(environment, needs=needs)


def problems(*needs: str, **environment: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(*needs, **environment)
    return caught.value.problems


def test_nothing_has_to_be_set_on_ones_own_machine() -> None:
    settings = read()

    assert settings.base_url == "https://localhost:8443"
    assert settings.port == 8443
    assert settings.state_dir == Path(".run")
    assert settings.connect_hosts == ("*.atlassian.net", "*.jira.com")
    assert settings.purge_delay == timedelta(days=7)
    assert settings.audit_retention == timedelta(days=365)
    assert settings.retention_after_uninstall is None
    assert settings.secret_keys == ()
    assert settings.is_local


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("BASE_URL", "https://reports.example.com/app/", "https://reports.example.com/app"),
        ("BASE_URL", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("PORT", "443", 443),
        ("STATE_DIR", "/var/lib/sightline", Path("/var/lib/sightline")),
        ("DATABASE_URL", "postgresql://a:b@c/d", "postgresql://a:b@c/d"),
        ("REDIS_URL", "unix:///run/redis", "unix:///run/redis"),
        ("APP_KEY", "com.example.app", "com.example.app"),
        ("CONNECT_HOSTS", " *.Atlassian.net , localhost:9443 ", ("*.atlassian.net", "localhost:9443")),
        ("STORE_URL", "s3://bucket/folder", "s3://bucket/folder"),
        ("PURGE_DELAY", "PT12H", timedelta(hours=12)),
        ("RETENTION_AFTER_UNINSTALL", "P90D", timedelta(days=90)),
        ("LEASE_SECONDS", "5", 5),
        ("SMTP_URL", "smtps://me:secret@mail.example.com", "smtps://me:secret@mail.example.com"),
        ("MAIL_FROM", "Example <privacy@example.com>", "Example <privacy@example.com>"),
        ("MAIL_PER_MINUTE", "60", 60),
        ("METRICS_PORT", "9000", 9000),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("FORGE_APP_ID", "ari:cloud:ecosystem::app/01234567-89ab-cdef-0123-456789abcdef",
         "ari:cloud:ecosystem::app/01234567-89ab-cdef-0123-456789abcdef"),
    ],
)  # fmt: skip
def test_a_setting_is_read_as_what_it_is(name: str, text: str, value: Any) -> None:
    assert getattr(read(**{name: text}), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BASE_URL", "http://reports.example.com"),
        ("BASE_URL", "reports.example.com"),
        ("BASE_URL", "https://a.example.com/?x=1"),
        ("BASE_URL", "https://user@a.example.com"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "https"),
        ("DATABASE_URL", "mysql://a"),
        ("REDIS_URL", "http://a"),
        ("APP_KEY", "has a space"),
        ("APP_KEY", "x" * 65),
        ("SMTP_URL", "mail.example.com"),
        ("SMTP_URL", "smtp://user-without-password@mail.example.com"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.example, c@d.example"),
        ("MAIL_PER_MINUTE", "0"),
        ("SECRET_KEYS", "short"),
        ("SECRET_KEYS", "AAAA"),
        ("SECRET_KEYS", ","),
        ("CONNECT_HOSTS", "https://a.example.com"),
        ("CONNECT_HOSTS", "a.*.example.com"),
        ("CA_FILE", "/there/is/no/such/file"),
        ("STORE_URL", "ftp://a"),
        ("PURGE_DELAY", "7 days"),
        ("PURGE_DELAY", "P"),
        ("LEASE_SECONDS", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("FORGE_APP_ID", "x"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(name: str, text: str) -> None:
    [problem] = problems(**{name: text})

    assert problem.startswith(f"{name} ")


@pytest.mark.parametrize(
    "address",
    ["h%zzidden@c/d", "h%4@c/d", "hid@den@c/d", "hid/den@c/d", "hid den@c/d", "hid[den@c/d", "hid?den@c/d"],
)
def test_a_password_that_would_be_quoted_by_an_error_is_refused_without_being_told(address: str) -> None:
    [problem] = problems(DATABASE_URL=f"postgresql://a:{address}")

    assert problem.startswith("DATABASE_URL must be like postgresql://")
    assert "hid" not in problem


@pytest.mark.parametrize(
    "url",
    [
        "postgres://a:h%40%2Fx!#^=+@c:5432,d:5433/e?target_session_attrs=read-write&sslmode=verify-full",
        "postgresql://a@[::1]:5432/b",
        "postgresql://%2Frun%2Fpostgresql/b",
        "postgresql:///b?host=/run/postgresql",
    ],
)
def test_every_form_of_a_databases_address_is_taken(url: str) -> None:
    assert read(DATABASE_URL=url).database_url == url
    assert psycopg2.extensions.parse_dsn(url)


def test_all_problems_are_told_at_once() -> None:
    found = problems("DATABASE_URL", "REDIS_URL", PORT="x", LOG_LEVEL="y", REDIS_URL="redis://a")

    assert [problem.split()[0] for problem in found] == ["PORT", "DATABASE_URL", "LOG_LEVEL"]


def test_the_error_is_a_message_for_people() -> None:
    with pytest.raises(SettingsError, match=r"(?s)cannot be used:.*DATABASE_URL must be set"):
        read("DATABASE_URL")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    key = new_secret_key()
    (tmp_path / "keys").write_text(f"{key}\n")

    settings = read("SECRET_KEYS", SECRET_KEYS_FILE=str(tmp_path / "keys"))

    assert settings.secret_keys == read(SECRET_KEYS=key).secret_keys


def test_a_secret_in_two_places_or_in_a_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://a")

    assert problems(DATABASE_URL="postgresql://b", DATABASE_URL_FILE=str(tmp_path / "url"))
    assert problems(DATABASE_URL_FILE=str(tmp_path / "nothing"))


def test_only_secrets_are_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("1")

    assert read(PORT_FILE=str(tmp_path / "port")).port == 8443


def test_secrets_do_not_show() -> None:
    key = new_secret_key()
    settings = read(SECRET_KEYS=key, DATABASE_URL="postgresql://a:hidden@b/c", REDIS_URL="redis://:hidden@b")

    assert "hidden" not in repr(settings)
    assert key not in repr(settings)
    assert "base_url" in repr(settings)


def test_the_newest_key_comes_first_and_each_has_an_id_of_its_own() -> None:
    first, second = new_secret_key(), new_secret_key()

    keys = read(SECRET_KEYS=f"{first}, {second}").secret_keys

    assert [key.id for key in keys] == [read(SECRET_KEYS=k).secret_keys[0].id for k in (first, second)]
    assert len({key.id for key in keys}) == 2
    assert all(len(key.key) == 32 for key in keys)


def test_one_key_given_twice_is_refused() -> None:
    key = new_secret_key()

    assert problems(SECRET_KEYS=f"{key},{key}")


PUBLIC = "https://reports.example.com"


@pytest.mark.parametrize(
    "key",
    [new_secret_key(development=True), "A" * 43 + "=", "MDEyMzQ1NjcwMTIzNDU2NzAxMjM0NTY3MDEyMzQ1Njc="],
    ids=["generated", "zeros", "repeated"],
)
def test_where_others_reach_the_product_generated_and_example_keys_are_refused(key: str) -> None:
    mine = new_secret_key()

    for name in ("SECRET_KEYS", "BACKUP_KEYS"):
        assert problems(**{"BASE_URL": PUBLIC, name: f"{mine},{key}"})
        read(**{"BASE_URL": PUBLIC, name: mine})
        read(**{name: f"{mine},{key}"})


def test_backups_need_keys_of_their_own() -> None:
    mine, other = new_secret_key(), new_secret_key()

    assert "BACKUP_KEYS" in problems(SECRET_KEYS=f"{mine},{other}", BACKUP_KEYS=other)[0]
    assert len(read(SECRET_KEYS=mine, BACKUP_KEYS=other).backup_keys) == 1


@pytest.mark.parametrize("password", ["sightline", "postgres", "changeme", "Password", ""])
def test_where_others_reach_the_product_example_passwords_are_refused(password: str) -> None:
    url = f"postgresql://sightline_api:{password}@db/sightline"

    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "BACKUP_DATABASE_URL", "DRILL_DATABASE_URL"):
        assert problems(**{"BASE_URL": PUBLIC, name: url})
        read(**{name: url})


def test_a_real_password_or_none_at_all_is_no_example() -> None:
    assert not has_example_password("postgresql://api:8cL0vDqJx@db/x")
    assert not has_example_password("postgresql:///x?host=/run/postgresql")
    assert not has_example_password("postgresql://api@db/x?passfile=/run/secrets/pgpass")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "localhost.example.com", "10.0.0.1", "0.0.0.0", "example.com", "::2"])  # noqa: S104 - not bound
def test_other_machines_are_not_taken_for_this_one(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("base_url", "path"),
    [("https://a.example", ""), ("https://a.example/x/y/", "/x/y"), ("https://a.example/", "")],
)
def test_the_base_path_is_the_path_of_the_base_url(base_url: str, path: str) -> None:
    assert read(BASE_URL=base_url).base_path == path
