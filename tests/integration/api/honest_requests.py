"""For each method of each route that is not public, one request that is accepted: what attacks start from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.integration.api.connect_site import DEFINITION, Site

JSON = {"Content-Type": "application/json"}
BYTES = {"Content-Type": "application/octet-stream"}
IF_MATCH = {"If-Match": '"1"'}


@dataclass(frozen=True)
class Honest:
    """A request without its token. `kind` says who signs it, `statuses` what an honest caller gets."""

    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "context"
    statuses: tuple[int, ...] = (200, 201, 202, 204)

    @property
    def event(self) -> str:
        """The lifecycle event of a callback's path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Things:
    """A site with one of everything."""

    site: Site
    report: str
    deleted_report: str
    export: str
    imported: str
    purge: str


def one_of_everything(site: Site) -> Things:
    report, deleted = site.create("The victim's")["id"], site.create("Deleted")["id"]
    assert site.call("PUT", f"/api/v1/reports/{report}/star").status_code == 204
    gone = site.call("DELETE", f"/api/v1/reports/{deleted}", headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    export = site.call("POST", "/api/v1/exports")
    assert export.status_code == 202
    imported = site.call("POST", "/api/v1/imports")
    assert imported.status_code == 202
    part = site.call("PUT", f"{imported.headers['Location']}/parts/1", body=b"a part", headers=BYTES)
    assert part.status_code == 204
    chosen = site.call(
        "PUT", "/api/v1/gadgets/10000/10010", json={"report": report}, headers={"If-Match": '"0"'}
    )
    assert chosen.status_code == 200
    set_ = site.call(
        "PUT",
        "/api/v1/settings",
        json={"contact_addresses": ["victim@example.com"]},
        headers={"If-Match": '"0"'},
    )
    assert set_.status_code == 200
    purge = site.call("POST", "/api/v1/purges", json=confirmation(site))
    assert purge.status_code == 202
    return Things(site, report, deleted, export.json["id"], imported.json["id"], purge.json["id"])


def confirmation(site: Site) -> dict[str, str]:
    return {"confirm": urlsplit(site.base_url).netloc}


Making = Callable[[Things], Honest]


def read(template: str, *statuses: int) -> Making:
    return lambda things: Honest("GET", filled(template, things), statuses=statuses or (200,))


def write(method: str, template: str, body: object = None, **headers: str) -> Making:
    content = None if body is None else json.dumps(body).encode()
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda things: Honest(
        method, filled(template, things), content, more | (JSON if content is not None else {})
    )


def callback(event: str) -> Making:
    kind = "atlassian" if event.endswith("installed") else "secret"

    def make(things: Things) -> Honest:
        secret = {"sharedSecret": things.site.secret} if event == "installed" else {}
        body = json.dumps(things.site.body(event, **secret)).encode()
        return Honest("POST", f"/connect/{event}", body, JSON, kind)

    return make


def filled(template: str, things: Things) -> str:
    report = things.deleted_report if template == f"{REPORT}/restore" else things.report
    values = {"report_id": report, "export_id": things.export, "import_id": things.imported,
              "purge_id": things.purge,
              "dashboard": "10000", "item": "10010", "number": "1", "account_id": "ada"}  # fmt: skip
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


REPORTS, EXPORTS = "/api/v1/reports", "/api/v1/exports"
REPORT, EXPORT = f"{REPORTS}/{{report_id}}", f"{EXPORTS}/{{export_id}}"
IMPORTS, IMPORT = "/api/v1/imports", "/api/v1/imports/{import_id}"
PURGES, PURGE = "/api/v1/purges", "/api/v1/purges/{purge_id}"
PART = f"{IMPORT}/parts/{{number}}"
GADGET, SETTINGS = "/api/v1/gadgets/{dashboard}/{item}", "/api/v1/settings"


def choose(things: Things) -> Honest:
    return write("PUT", GADGET, {"report": things.report}, **IF_MATCH)(things)


HONEST: dict[tuple[str, str], Making] = {
    **{("POST", f"/connect/{event}"): callback(event) for event in ("installed", "enabled", "disabled")},
    ("POST", "/connect/uninstalled"): callback("uninstalled"),
    ("GET", "/api/v1/me"): read("/api/v1/me"),
    ("GET", REPORTS): read(REPORTS),
    ("POST", REPORTS): write("POST", REPORTS, {"name": "New", "definition": DEFINITION}),
    ("GET", REPORT): read(REPORT),
    ("PUT", REPORT): write("PUT", REPORT, {"name": "Changed"}, **IF_MATCH),
    ("DELETE", REPORT): write("DELETE", REPORT, **IF_MATCH),
    ("POST", f"{REPORT}/copy"): write("POST", f"{REPORT}/copy", {"name": "A copy"}),
    ("POST", f"{REPORT}/restore"): write("POST", f"{REPORT}/restore", If_Match='"2"'),
    ("POST", f"{REPORT}/take-over"): write("POST", f"{REPORT}/take-over"),
    ("GET", f"{REPORT}/versions"): read(f"{REPORT}/versions"),
    ("GET", f"{REPORT}/versions/{{number}}"): read(f"{REPORT}/versions/{{number}}"),
    ("POST", f"{REPORT}/versions/{{number}}/restore"): write(
        "POST", f"{REPORT}/versions/{{number}}/restore", **IF_MATCH
    ),
    ("GET", "/api/v1/accounts/{account_id}/reports"): read("/api/v1/accounts/{account_id}/reports"),
    ("PUT", f"{REPORT}/star"): write("PUT", f"{REPORT}/star"),
    ("DELETE", f"{REPORT}/star"): write("DELETE", f"{REPORT}/star"),
    ("GET", EXPORTS): read(EXPORTS),
    ("POST", EXPORTS): write("POST", EXPORTS, {}),
    ("GET", EXPORT): read(EXPORT),
    ("DELETE", EXPORT): write("DELETE", EXPORT),
    # It is asked for and not made yet.
    ("GET", f"{EXPORT}/file"): read(f"{EXPORT}/file", 404),
    ("GET", IMPORTS): read(IMPORTS),
    ("POST", IMPORTS): write("POST", IMPORTS, {}),
    ("GET", IMPORT): read(IMPORT),
    ("DELETE", IMPORT): write("DELETE", IMPORT),
    ("PUT", PART): lambda things: Honest("PUT", filled(PART, things), b"another part", BYTES),
    ("POST", f"{IMPORT}/check"): write("POST", f"{IMPORT}/check", {}),
    # It was not checked.
    ("POST", f"{IMPORT}/apply"): lambda things: Honest(
        "POST", filled(f"{IMPORT}/apply", things), b"{}", JSON, statuses=(409,)
    ),
    ("GET", PURGES): read(PURGES),
    ("POST", PURGES): lambda things: write("POST", PURGES, confirmation(things.site))(things),
    ("GET", PURGE): read(PURGE),
    ("DELETE", PURGE): write("DELETE", PURGE),
    # It waits.
    ("GET", f"{PURGE}/receipt"): read(f"{PURGE}/receipt", 404),
    ("GET", "/api/v1/audit"): read("/api/v1/audit"),
    ("GET", GADGET): read(GADGET),
    ("PUT", GADGET): choose,
    ("DELETE", GADGET): write("DELETE", GADGET, **IF_MATCH),
    ("GET", SETTINGS): read(SETTINGS),
    ("PUT", SETTINGS): write("PUT", SETTINGS, {"contact_addresses": ["new@example.com"]}, **IF_MATCH),
}
