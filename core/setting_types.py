"""Readers of single settings: each turns text into a value or raises ValueError with a plain sentence end."""

import base64
import binascii
import hashlib
import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

KEY_BYTES = 32
_DEVELOPMENT = "dev:"
_EXAMPLE_PASSWORDS = {"", "changeme", "example", "password", "postgres", "secret", "sightline", "dev"}
_DATABASE_URL = re.compile(
    r"postgres(ql)?://((?:[^\s@/?\[\]%]|%[0-9A-Fa-f]{2})*@)?"
    r"(?:[A-Za-z0-9._,:\[\]-]|%[0-9A-Fa-f]{2})*(/[^\s@?]*)?(\?[a-z_]+=[^\s@&]*(&[a-z_]+=[^\s@&]*)*)?"
)
_HOST_PATTERN = re.compile(r"(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?", re.ASCII)


@dataclass(frozen=True)
class SecretKey:
    """A key of `SECRET_KEYS`. Its id follows from the key, so that no list of names has to be kept."""

    id: str
    key: bytes = field(repr=False)
    development: bool = False


def new_secret_key(*, development: bool = False) -> str:
    """A fresh entry for `SECRET_KEYS`; a development one is refused where others can reach the product."""
    text = base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()
    return f"{_DEVELOPMENT}{text}" if development else text


def secret_keys(text: str) -> tuple[SecretKey, ...]:
    """A comma list of base64 keys of 32 bytes, the newest first."""
    keys = tuple(_secret_key(entry.strip()) for entry in text.split(","))
    if len({key.id for key in keys}) < len(keys):
        raise ValueError("names one key twice")
    return keys


def _secret_key(entry: str) -> SecretKey:
    text = entry.removeprefix(_DEVELOPMENT).replace("+", "-").replace("/", "_")
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("must be base64 keys of 32 bytes, separated by commas") from error
    if len(key) != KEY_BYTES:
        raise ValueError("must be base64 keys of 32 bytes, separated by commas")
    development = entry.startswith(_DEVELOPMENT) or len(set(key)) < KEY_BYTES // 2
    return SecretKey(hashlib.sha256(key).hexdigest()[:16], key, development)


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def url_of(*schemes: str) -> Callable[[str], str]:
    """A reader of addresses of some schemes."""

    def reader(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return text

    return reader


def database_url(text: str) -> str:
    """PostgreSQL's address: libpq's own message about one that it cannot read would quote the password."""
    if not _DATABASE_URL.fullmatch(text):
        raise ValueError(
            "must be like postgresql://user:password@host:5432/name, with special characters of user and "
            "password written as %40 and the like"
        )
    return text


def secure_url(text: str) -> str:
    """An https address, or http where the host is this machine; no trailing slash, query or user."""
    parts = urlsplit(text)
    host = parts.hostname or ""
    if not host or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address such as https://reports.example.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("must start with https:// (http:// only for this machine itself)")
    if parts.port == 0:
        raise ValueError("has a port that does not exist")
    return text.rstrip("/")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers of a range."""

    def reader(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return reader


port = whole_number(1, 65535)


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of a choice, whatever its case."""

    def reader(text: str) -> str:
        if text.upper() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text.upper()

    return reader


def path(text: str) -> Path:
    """A path, which need not exist."""
    return Path(text)


def existing_file(text: str) -> Path:
    """The path of a file that is there."""
    if not Path(text).is_file():
        raise ValueError(f"names no file: {text}")
    return Path(text)


def app_key(text: str) -> str:
    """The key of a Connect app: at most 64 characters, as the descriptor's schema and examples allow."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text):
        raise ValueError("must be 1 to 64 letters, digits, dots, dashes or underscores")
    return text


def forge_app_id(text: str) -> str:
    """An Atlassian resource identifier of a Forge app."""
    if not re.fullmatch(r"ari:cloud:ecosystem::app/[0-9a-f-]{36}", text):
        raise ValueError("must be like ari:cloud:ecosystem::app/<uuid>")
    return text


def host_patterns(text: str) -> tuple[str, ...]:
    """A comma list of hosts, each with an optional leading `*.` and an optional port."""
    patterns = tuple(entry.strip().lower() for entry in text.split(","))
    wrong = [entry for entry in patterns if not _HOST_PATTERN.fullmatch(entry)]
    if wrong:
        raise ValueError(f"must be hosts such as *.atlassian.net, separated by commas; {wrong[0]!r} is none")
    return patterns


def has_example_password(url: str) -> bool:
    """Whether a server's address carries a password that anybody would guess."""
    password = urlsplit(url).password
    return password is not None and unquote(password).lower() in _EXAMPLE_PASSWORDS
