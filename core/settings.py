"""Every setting, read from the environment in one place and checked before anything starts."""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from core import setting_types as read
from core.durations import parse_duration
from core.mail_settings import mail_from, smtp_url
from core.setting_types import SecretKey, is_loopback

T = TypeVar("T")
E = TypeVar("E")


class SettingsError(Exception):
    """The environment does not make sense; `problems` names each setting and what is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["The settings cannot be used:", *(f"  {line}" for line in problems)]))
        self.problems = problems


def _setting(reader: Callable[[str], T], default: str) -> T:
    """A field read from the variable of its name in capitals."""
    value: T = dataclasses.field(default=reader(default), metadata={"reader": reader, "secret": False})
    return value


def _optional(reader: Callable[[str], T], empty: E, *, secret: bool = False) -> T | E:
    """A field that is `empty` where its variable is not set."""
    value: T | E = dataclasses.field(default=empty, metadata={"reader": reader, "secret": secret})
    return value


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of all processes. A process asks for those that it cannot do without (`needs`).

    Addresses that are not given are empty strings. Secrets never appear in `repr`.
    """

    base_url: str = _setting(read.secure_url, "https://localhost:8443")
    port: int = _setting(read.port, "8443")
    state_dir: Path = _setting(read.path, ".run")
    database_url: str = _optional(read.database_url, "", secret=True)
    owner_database_url: str = _optional(read.database_url, "", secret=True)
    backup_database_url: str = _optional(read.database_url, "", secret=True)
    drill_database_url: str = _optional(read.database_url, "", secret=True)
    redis_url: str = _optional(read.url_of("redis", "rediss", "unix"), "", secret=True)
    app_key: str = _setting(read.app_key, "com.sightline.reports")
    secret_keys: tuple[SecretKey, ...] = _optional(read.secret_keys, (), secret=True)
    backup_keys: tuple[SecretKey, ...] = _optional(read.secret_keys, (), secret=True)
    install_keys_url: str = _setting(read.secure_url, "https://connect-install-keys.atlassian.com")
    connect_hosts: tuple[str, ...] = _setting(read.host_patterns, "*.atlassian.net,*.jira.com")
    connect_js_url: str = _setting(read.secure_url, "https://connect-cdn.atl-paas.net/all.js")
    ca_file: Path | None = _optional(read.existing_file, None)
    forge_app_id: str = _optional(read.forge_app_id, "")
    forge_jwks_url: str = _setting(
        read.secure_url, "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"
    )
    store_url: str = _optional(read.url_of("file", "s3", "gs", "az"), "", secret=True)
    smtp_url: str = _optional(smtp_url, "", secret=True)
    mail_from: str = _optional(mail_from, "")
    mail_per_minute: int = _setting(read.whole_number(1, 100_000), "300")
    purge_delay: timedelta = _setting(parse_duration, "P7D")
    retention_after_uninstall: timedelta | None = _optional(parse_duration, None)
    export_ttl: timedelta = _setting(parse_duration, "P7D")
    audit_retention: timedelta = _setting(parse_duration, "P1Y")
    lease_seconds: int = _setting(read.whole_number(1, 3600), "30")
    metrics_port: int | None = _optional(read.port, None)
    log_level: str = _setting(read.one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")

    @property
    def base_path(self) -> str:
        """The path part of `base_url` without a trailing slash; usually empty."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the product, so that generated secrets will do."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, needs: Collection[str] = ()) -> "Settings":
        """Reads all settings; each secret `X` may come from the file named by `X_FILE` instead.

        `needs` lists variables that must be set, e.g. `DATABASE_URL`. Raises SettingsError with every
        problem found, not only the first.
        """
        problems: list[str] = []
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            try:
                values[field.name] = _value(field, environment, needed=field.name.upper() in needs)
            except ValueError as error:
                problems.append(f"{field.name.upper()} {error}")
        if not problems:
            problems = list(_contradictions(settings := cls(**values)))
        if problems:
            raise SettingsError(problems)
        return settings

    def __repr__(self) -> str:
        """All settings but the secret ones."""
        shown = [f.name for f in dataclasses.fields(self) if not f.metadata["secret"]]
        return f"Settings({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _value(field: "dataclasses.Field[Any]", environment: Mapping[str, str], *, needed: bool) -> object:
    text = _text(field.name.upper(), environment, secret=field.metadata["secret"])
    if needed and not text:
        raise ValueError("must be set")
    return field.metadata["reader"](text) if text else field.default


def _text(name: str, environment: Mapping[str, str], *, secret: bool) -> str:
    given = environment.get(name, "").strip()
    file_name = environment.get(f"{name}_FILE", "").strip() if secret else ""
    if not file_name:
        return given
    if given:
        raise ValueError(f"and {name}_FILE are both set; give one")
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot be read from {file_name}: {error.__class__.__name__}") from error


def _contradictions(settings: Settings) -> Iterator[str]:
    """What is wrong with settings that are each well-formed."""
    if {key.id for key in settings.secret_keys} & {key.id for key in settings.backup_keys}:
        yield "BACKUP_KEYS holds a key of SECRET_KEYS, but backups need keys of their own"
    if settings.is_local:
        return
    for name in ("secret_keys", "backup_keys"):
        if any(key.development for key in getattr(settings, name)):
            yield f"{name.upper()} holds a development or example key, but BASE_URL is not this machine's own"
    for name in ("database_url", "owner_database_url", "backup_database_url", "drill_database_url"):
        if read.has_example_password(getattr(settings, name)):
            yield f"{name.upper()} has an example password, but BASE_URL is not this machine's own"
