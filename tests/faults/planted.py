"""Strings planted all over a site, and a search for them wherever anything is kept."""

from __future__ import annotations

import gzip
import secrets
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from redis import Redis

from core.backups.programs import client_program
from core.store import Store
from core.store_cipher import SealBroken
from tests.integration.api.connect_site import Site
from tests.workers import Workplace

BYTES = {"Content-Type": "application/octet-stream"}


@dataclass
class Planted:
    """What a site was given. Each string is like no other thing, and stands in one place first."""

    strings: list[str] = field(default_factory=list)

    def new(self) -> str:
        """One more string."""
        self.strings.append(f"planted{secrets.token_hex(10)}")
        return self.strings[-1]

    def found_in(self, text: bytes) -> set[str]:
        """Which of the strings stand in a text, as they are or in hex, as dumps write bytes."""
        return {
            string
            for string in self.strings
            if string.encode() in text or string.encode().hex().encode() in text.lower()
        }


def definition(planted: Planted) -> dict[str, Any]:
    """A report's definition with five strings."""
    return {
        "jql": f'project = "{planted.new()}"',
        "columns": [{"of": {"field": "issuekey"}}, {"of": {"formula": "left"}}],
        "formulas": [
            {"id": "left", "name": planted.new(), "expression": f'concat("{planted.new()}", summary)'}
        ],
        "filters": [
            {"of": {"field": "status"}, "operator": "any of", "values": [planted.new(), planted.new()]}
        ],
    }  # fmt: skip


def plant(site: Site, place: Workplace) -> Planted:
    """Fifty strings: reports, versions, sharing, stars, gadgets, settings, audit, an export, an import."""
    planted = Planted()
    people = [planted.new() for _ in range(4)]
    for account in people[:3]:
        report = site.create(
            planted.new(), as_=account, description=planted.new(), definition=definition(planted),
            visibility="limited",
            shared_with={
                "accounts": [planted.new()], "projects": [],
                "groups": [{"id": planted.new(), "name": planted.new()}],
            },
        )  # fmt: skip
        change = {"name": planted.new(), "description": planted.new()}
        assert site.call(
            "PUT", f"/api/v1/reports/{report['id']}", as_=account, json=change, headers={"If-Match": '"1"'}
        ).status_code == 200  # fmt: skip
        assert site.call("PUT", f"/api/v1/reports/{report['id']}/star", as_=account).status_code == 204
    choose(site, report["id"], planted, people[2])
    deleted = site.create(planted.new(), as_=people[0], description=planted.new())
    gone = site.call("DELETE", f"/api/v1/reports/{deleted['id']}", as_=people[0], headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    bring(site, planted)
    assert site.call("POST", "/api/v1/exports", as_=people[3]).status_code == 202
    assert place.work() == "done"
    return planted


def choose(site: Site, report: str, planted: Planted, account: str) -> None:
    """A gadget and the settings."""
    first: dict[str, Any] = {"as_": account, "headers": {"If-Match": '"0"'}}
    gadget = f"/api/v1/gadgets/10000/{planted.new()}"
    assert site.call("PUT", gadget, json={"report": report}, **first).status_code == 200
    contact = {"contact_addresses": [f"{planted.new()}@example.com" for _ in range(2)]}
    assert site.call("PUT", "/api/v1/settings", json=contact, **first).status_code == 200


def bring(site: Site, planted: Planted) -> None:
    """Parts of an import, under way."""
    imported = site.call("POST", "/api/v1/imports").headers["Location"]
    while len(planted.strings) < 50:
        part = f"{imported}/parts/{51 - len(planted.strings)}"
        assert site.call("PUT", part, body=planted.new().encode(), headers=BYTES).status_code == 204


def found(planted: Planted, place: Workplace, redis_url: str, logs: Iterable[str]) -> dict[str, set[str]]:
    """Where strings were found: `database`, `redis`, `store` and `logs`; nothing for what holds none."""
    kept = {
        "database": [dump(place.urls.owner)],
        "redis": list(redis_texts(redis_url)),
        "store": list(store_texts(place)),
        "logs": [place.log.read_bytes() if place.log.exists() else b"", *(log.encode() for log in logs)],
    }
    places = {name: set().union(*map(planted.found_in, texts)) for name, texts in kept.items()}
    return {name: strings for name, strings in places.items() if strings}


def dump(url: str) -> bytes:
    """All of a database as text, as PostgreSQL's own program writes it."""
    program = client_program("pg_dump", least=17)
    return subprocess.run([program, f"--dbname={url}"], capture_output=True, timeout=120, check=True).stdout


def redis_texts(url: str) -> Iterator[bytes]:
    """Every key and value, and what RQ compressed."""
    with Redis.from_url(url) as redis:
        for key in cast("Iterator[bytes]", redis.scan_iter()):
            yield key
            for text in _values(redis, key):
                yield text
                with suppress(zlib.error):
                    yield zlib.decompress(text)


def _values(redis: Redis, key: bytes) -> Iterator[bytes]:
    kind = cast("bytes", redis.type(key)).decode()
    if kind == "string":
        yield cast("bytes", redis.get(key)) or b""
    elif kind == "hash":
        for name, value in cast("dict[bytes, bytes]", redis.hgetall(key)).items():
            yield from (name, value)
    elif kind == "list":
        yield from cast("list[bytes]", redis.lrange(key, 0, -1))
    elif kind == "set":
        yield from cast("set[bytes]", redis.smembers(key))
    elif kind == "zset":
        yield from cast("list[bytes]", redis.zrange(key, 0, -1))
    else:
        yield cast("bytes", redis.dump(key)) or b""


def store_texts(place: Workplace) -> Iterator[bytes]:
    """Every file of the store: its name, as it lies there, decrypted, and unpacked."""
    for path in (place.settings.state_dir / "store").rglob("*"):
        yield str(path).encode()
        if path.is_file():
            yield path.read_bytes()
    for store in (place.store, Store.for_backups(place.settings)):
        for file in store.files(""):
            content = _opened(store, file.name)
            yield content
            with suppress(OSError, EOFError):
                yield gzip.decompress(content)


def _opened(store: Store, name: str) -> bytes:
    for owner in (*name.split("/"), "ledger"):
        with suppress(SealBroken):
            file = store.open(name, owner=owner)
            return b"".join(file.read(0, file.length))
    raise AssertionError(f"whose is {name}?")


def files_of(place: Workplace, tenant: UUID) -> dict[str, bytes]:
    """A tenant's files as they lie in the store."""
    paths = (place.settings.state_dir / "store").rglob(f"{tenant}/**/*")
    return {str(path): path.read_bytes() for path in paths if path.is_file()}
