"""Imports as the api asks for them, of tenants without an installed site, and what a tenant holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from core.callers import Caller
from core.imports.records import Import
from core.imports.store import Imports
from core.tenants import Tenant
from tests.imports import LISTS, in_parts
from tests.workers import Workplace

BASE_URL = "https://acme.atlassian.net"


def caller(tenant_id: UUID, account: str = "ann") -> Caller:
    """An admin of a tenant that `Workplace.tenant` made."""
    tenant = Tenant(
        id=tenant_id,
        client_key=str(tenant_id),
        base_url=BASE_URL,
        state="active",
        secret_version=1,
        secret=None,
    )
    return Caller(tenant, account, "connect")


@contextmanager
def imports(place: Workplace) -> Iterator[Imports]:
    """What the api does with imports."""
    with place.api() as database:
        yield Imports(database, place.store)


def begun(place: Workplace, tenant_id: UUID, file: bytes, size: int = 256 * 1024) -> UUID:
    """An import with all parts of a file; gives its id."""
    who = caller(tenant_id)
    with imports(place) as all_of_them:
        import_id = all_of_them.create(who).id
        for number, part in enumerate(in_parts(file, size), 1):
            all_of_them.put_part(who, import_id, number, part)
    return import_id


def asked_for(place: Workplace, tenant_id: UUID, import_id: UUID, step: Any) -> None:
    """Asks for a step."""
    with imports(place) as all_of_them:
        all_of_them.start(caller(tenant_id), import_id, step)


def shown(place: Workplace, tenant_id: UUID, import_id: UUID) -> Import:
    """The import as it stands."""
    with imports(place) as all_of_them:
        return all_of_them.get(caller(tenant_id), import_id)


def applied(place: Workplace, tenant_id: UUID, file: bytes) -> Import:
    """An import of a file, checked and applied in this process."""
    import_id = begun(place, tenant_id, file)
    for step in ("check", "apply"):
        asked_for(place, tenant_id, import_id, step)
        assert place.work() == "done", shown(place, tenant_id, import_id)
        found = shown(place, tenant_id, import_id).found
        assert found is not None
        assert found["problems"] == []
    return shown(place, tenant_id, import_id)


def alike(document: dict[str, Any]) -> dict[str, Any]:
    """What of an export is to be the same after an import: all but ids, marks of versions, tasks and audit.

    Ids of reports become their places in an order that does not depend on them. A report without versions is
    one whose only version is its content when it was made.
    """
    versions = _versions(document)
    order = sorted(
        document["reports"],
        key=lambda one: json.dumps([{**one, "id": ""}, versions[one["id"]]], sort_keys=True),
    )
    places = {one["id"]: number for number, one in enumerate(order)}

    def named(row: dict[str, Any], member: str) -> dict[str, Any]:
        return {**row, member: places.get(row[member])}

    return {
        "reports": [named(one, "id") for one in order],
        "versions": [versions[one["id"]] for one in order],
        "stars": sorted(json.dumps(named(one, "report_id"), sort_keys=True) for one in document["stars"]),
        "gadgets": [named(one, "report_id") for one in document["gadgets"]],
        "settings": document["settings"],
        "site": document["site"]["base_url"],
        "lists": sorted(set(document) & set(LISTS)),
    }


def _versions(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {one["id"]: [] for one in document["reports"]}
    for row in document["versions"]:
        found[row["report_id"]].append({**row, "report_id": "", "imported": None})
    for one in document["reports"]:
        content = {name: one[name] for name in ("name", "description", "definition", "definition_version")}
        first = {"report_id": "", "version": 1, "at": one["created_at"], "account_id": one["created_by"]}
        found[one["id"]] = found[one["id"]] or [{**first, **content, "imported": None}]
    return found
