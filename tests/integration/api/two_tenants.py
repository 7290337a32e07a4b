"""How each route is asked by one site with names of another's things, method by method.

A case is asked twice, with names of the other site's and with names that nobody has, and both answers
have to be the same.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.integration.api.connect_site import APP_KEY, DEFINITION

JSON = {"Content-Type": "application/json"}
IF_MATCH = {"If-Match": '"1"'}


@dataclass(frozen=True)
class Names:
    """What belongs to one site and another may try to name."""

    report: str
    deleted_report: str
    export: str
    imported: str
    purge: str
    receipt: str
    task: str
    entry: str
    client_key: str
    base_url: str
    account: str
    words: str
    key: str
    cursor: str
    dashboard: str
    item: str


@dataclass(frozen=True)
class Asked:
    """One request. `differs` says that the answers to both names cannot be compared, and why."""

    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (404,)
    differs: str = ""


Cases = Callable[[Names], Iterator[Asked]]


def report_cursor(report: str) -> str:
    """A place in the list at a report, as the list would have given it."""
    text = json.dumps(["-updated", "2999-01-01 00:00:00+00", report])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def public(path: str) -> Cases:
    def cases(_names: Names) -> Iterator[Asked]:
        yield Asked(path, statuses=(200,), differs="times of day")

    return cases


def one_report(suffix: str = "", **how: Any) -> Cases:
    def cases(names: Names) -> Iterator[Asked]:
        for report in (names.report, names.deleted_report, names.export):
            yield Asked(f"/api/v1/reports/{report}{suffix}", **how)

    return cases


def one_export(suffix: str = "") -> Cases:
    def cases(names: Names) -> Iterator[Asked]:
        for task in (names.export, names.task, names.report):
            yield Asked(f"/api/v1/exports/{task}{suffix}")

    return cases


def one_import(suffix: str = "", **how: Any) -> Cases:
    def cases(names: Names) -> Iterator[Asked]:
        for task in (names.imported, names.export, names.task, names.report):
            yield Asked(f"/api/v1/imports/{task}{suffix}", **how)

    return cases


def one_purge(suffix: str = "") -> Cases:
    def cases(names: Names) -> Iterator[Asked]:
        for task in (names.purge, names.receipt, names.task, names.report):
            yield Asked(f"/api/v1/purges/{task}{suffix}")

    return cases


def report_list(names: Names) -> Iterator[Asked]:
    path, ok = "/api/v1/reports", (200,)
    yield Asked(path, {"search": names.words}, statuses=ok)
    yield Asked(path, {"owner": names.account}, statuses=ok)
    yield Asked(path, {"cursor": names.cursor}, statuses=ok)
    for more in ({}, {"deleted": "true"}, {"starred": "true"}, {"sort": "name"}, {"limit": "100"}):
        yield Asked(path, more, statuses=ok)


def audit_trail(names: Names) -> Iterator[Asked]:
    path, ok = "/api/v1/audit", (200,)
    yield Asked(path, {"cursor": names.entry}, statuses=ok)
    yield Asked(path, statuses=ok)
    for more in ({"event": "export-requested"}, {"since": "2000-01-01T00:00:00Z"}, {"limit": "100"}):
        yield Asked(path, more, statuses=ok)


def of_account(names: Names) -> Iterator[Asked]:
    path, ok = f"/api/v1/accounts/{names.account}/reports", (200,)
    for query in ({}, {"cursor": names.report}, {"cursor": names.deleted_report}, {"limit": "100"}):
        yield Asked(path, query, statuses=ok)


def new_report(names: Names) -> Iterator[Asked]:
    body = {"name": names.words, "definition": DEFINITION}
    own = "each answer is a new report with an id and times of its own"
    yield Asked(
        "/api/v1/reports", body=body, headers={"Idempotency-Key": names.key}, statuses=(201,), differs=own
    )
    for member in ("id", "tenant_id", "tenant"):
        yield Asked("/api/v1/reports", body={**body, member: names.report}, statuses=(422,))


def new_export(names: Names) -> Iterator[Asked]:
    own = "each answer is an export of its own"
    yield Asked("/api/v1/exports", statuses=(202,), differs=own)
    yield Asked("/api/v1/exports", body={"tenant_id": names.client_key}, statuses=(422,))


def new_import(names: Names) -> Iterator[Asked]:
    own = "each answer is an import of its own"
    yield Asked("/api/v1/imports", statuses=(202,), differs=own)
    yield Asked("/api/v1/imports", body={"tenant_id": names.client_key}, statuses=(422,))


def new_purge(names: Names) -> Iterator[Asked]:
    confirm = {"confirm": names.client_key}
    yield Asked("/api/v1/purges", body=confirm, statuses=(422,))
    yield Asked("/api/v1/purges", body={**confirm, "tenant_id": names.client_key}, statuses=(422,))


def plain(path: str, *queries: dict[str, str]) -> Cases:
    def cases(_names: Names) -> Iterator[Asked]:
        for query in queries or ({},):
            yield Asked(path, query, statuses=(200,))

    return cases


def callback(event: str) -> Cases:
    """A callback in the name of the other site; its token is the calling site's own."""

    def cases(names: Names) -> Iterator[Asked]:
        body = {
            "key": APP_KEY, "clientKey": names.client_key, "baseUrl": names.base_url, "productType": "jira",
            "eventType": event, "sharedSecret": "a secret that the calling site would like to be accepted",
        }  # fmt: skip
        yield Asked(f"/connect/{event}", body=body, statuses=(401,))

    return cases


def one_gadget(**how: Any) -> Cases:
    """The other site's gadget, which is to this one an empty place."""

    def cases(names: Names) -> Iterator[Asked]:
        yield Asked(f"/api/v1/gadgets/{names.dashboard}/{names.item}", **how)

    return cases


def choice(names: Names) -> Iterator[Asked]:
    path = f"/api/v1/gadgets/{names.dashboard}/{names.item}"
    for report in (names.report, names.deleted_report, names.export):
        yield Asked(path, body={"report": report}, headers={"If-Match": '"0"'}, statuses=(422,))
    # The present version of the other site's gadget is none of this site's empty one.
    yield Asked(path, body={"report": names.report}, headers=IF_MATCH, statuses=(422,))


def settings_change(_names: Names) -> Iterator[Asked]:
    yield Asked("/api/v1/settings", body={"contact_addresses": []}, headers=IF_MATCH, statuses=(412,))


REPORT = "/api/v1/reports/{report_id}"
GADGET = "/api/v1/gadgets/{dashboard}/{item}"
EXPORT = "/api/v1/exports/{export_id}"
IMPORT = "/api/v1/imports/{import_id}"
PURGE = "/api/v1/purges/{purge_id}"
CASES: dict[tuple[str, str], Cases] = {
    ("GET", "/atlassian-connect.json"): public("/atlassian-connect.json"),
    ("GET", "/data-storage"): public("/data-storage"),
    ("GET", "/.well-known/security.txt"): public("/.well-known/security.txt"),
    ("GET", "/healthz"): public("/healthz"),
    ("GET", "/readyz"): public("/readyz"),
    ("POST", "/connect/installed"): callback("installed"),
    ("POST", "/connect/uninstalled"): callback("uninstalled"),
    ("POST", "/connect/enabled"): callback("enabled"),
    ("POST", "/connect/disabled"): callback("disabled"),
    ("GET", "/api/v1/openapi.json"): plain("/api/v1/openapi.json"),
    ("GET", "/api/v1/me"): plain("/api/v1/me"),
    ("GET", "/api/v1/reports"): report_list,
    ("POST", "/api/v1/reports"): new_report,
    ("GET", REPORT): one_report(),
    ("PUT", REPORT): one_report(body={"name": "taken"}, headers=IF_MATCH),
    ("DELETE", REPORT): one_report(headers=IF_MATCH),
    ("POST", f"{REPORT}/copy"): one_report("/copy", headers={"Idempotency-Key": "their-copy-key"}),
    ("POST", f"{REPORT}/restore"): one_report("/restore", headers=IF_MATCH),
    ("POST", f"{REPORT}/take-over"): one_report("/take-over"),
    ("GET", f"{REPORT}/versions"): one_report("/versions"),
    ("GET", f"{REPORT}/versions/{{number}}"): one_report("/versions/1"),
    ("POST", f"{REPORT}/versions/{{number}}/restore"): one_report("/versions/1/restore", headers=IF_MATCH),
    ("GET", "/api/v1/accounts/{account_id}/reports"): of_account,
    ("PUT", f"{REPORT}/star"): one_report("/star"),
    ("DELETE", f"{REPORT}/star"): one_report("/star"),
    ("GET", GADGET): one_gadget(statuses=(200,)),
    ("PUT", GADGET): choice,
    ("DELETE", GADGET): one_gadget(headers=IF_MATCH, statuses=(412,)),
    ("GET", "/api/v1/settings"): plain("/api/v1/settings"),
    ("PUT", "/api/v1/settings"): settings_change,
    ("GET", "/api/v1/audit"): audit_trail,
    ("GET", "/api/v1/exports"): plain("/api/v1/exports"),
    ("POST", "/api/v1/exports"): new_export,
    ("GET", EXPORT): one_export(),
    ("DELETE", EXPORT): one_export(),
    ("GET", f"{EXPORT}/file"): one_export("/file"),
    ("GET", "/api/v1/purges"): plain("/api/v1/purges"),
    ("POST", "/api/v1/purges"): new_purge,
    ("GET", PURGE): one_purge(),
    ("DELETE", PURGE): one_purge(),
    ("GET", f"{PURGE}/receipt"): one_purge("/receipt"),
    # Before the site begins one of its own.
    ("GET", "/api/v1/imports"): plain("/api/v1/imports"),
    ("POST", "/api/v1/imports"): new_import,
    ("GET", IMPORT): one_import(),
    ("DELETE", IMPORT): one_import(),
    ("PUT", f"{IMPORT}/parts/{{number}}"): one_import(
        "/parts/1", raw=b"their part", headers={"Content-Type": "application/octet-stream"}
    ),
    ("POST", f"{IMPORT}/check"): one_import("/check"),
    ("POST", f"{IMPORT}/apply"): one_import("/apply"),
}
