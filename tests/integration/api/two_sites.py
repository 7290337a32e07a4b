"""Two sites: one that has some of everything, and one whose callers ask for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import falcon.testing

from api.app import all_routes
from api.services import Services
from core.ids import uuid7
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import DEFINITION, Answering, Site
from tests.integration.api.honest_requests import confirmation
from tests.integration.api.two_tenants import CASES, Asked, Names, report_cursor
from tests.separation import session
from tests.workers import Workplace

# Atlassian's account ids are global: the same person may be at both sites, and administer reports at one.
ACCOUNT = "712020:the-same-person"
ONLY_THERE = "712020:a-person-of-theirs"
GROUP, PROJECT = "a-group-of-theirs", "10042"
WORDS = "Planted words of the other site"
GADGET, ADDRESS = ("20000", "20010"), "privacy@other-site.example"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CHECK = "/rest/api/3/permissions/check"
GROUPS = "/rest/api/3/user/groups"
SHARED = {"accounts": [ACCOUNT], "groups": [{"id": GROUP, "name": WORDS}], "projects": [PROJECT]}


@dataclass(frozen=True)
class World:
    """Two sites, of which one asks and the other has what it asks for."""

    services: Services
    urls: DatabaseUrls
    here: Site
    there: Site
    theirs: Names
    ids: tuple[UUID, UUID]

    @property
    def nobodys(self) -> Names:
        """Names of the same form that stand for nothing."""
        report = str(uuid7())
        return Names(
            report=report, deleted_report=str(uuid7()), export=str(uuid7()), imported=str(uuid7()),
            purge=str(uuid7()), receipt=str(uuid7()), task=str(uuid7()), entry=str(uuid7()),
            client_key="0" * 32, base_url=f"{self.here.base_url}/nobody", account="712020:nobody-at-all",
            words="Words that nobody planted anywhere", key="nobodys-key", cursor=report_cursor(report),
            dashboard="10000", item="99999",
        )  # fmt: skip


def grant_everything(jira: Answering, site: str) -> None:
    """The site's Jira says yes to whatever it is asked about the account."""
    projects = [{"permission": "BROWSE_PROJECTS", "issues": [], "projects": [int(PROJECT)]}]
    yes = json.dumps({"globalPermissions": ["ADMINISTER"], "projectPermissions": projects})
    jira.answers[f"{site}{CHECK}"] = (200, yes.encode())
    groups = json.dumps([{"name": WORDS, "groupId": GROUP}]).encode()
    for account in (ACCOUNT, ACCOUNT.replace(":", "%3A")):
        jira.answers[f"{site}{GROUPS}?accountId={account}"] = (200, groups)


def grant_nothing(jira: Answering, site: str) -> None:
    jira.answers[f"{site}{CHECK}"] = (200, b'{"globalPermissions": [], "projectPermissions": []}')
    for account in (ACCOUNT, ACCOUNT.replace(":", "%3A")):
        jira.answers[f"{site}{GROUPS}?accountId={account}"] = (200, b"[]")


def furnished(site: Site, place: Workplace) -> Names:
    """Gives a site some of everything that is stored, open to everyone as far as the site goes."""
    about = {
        "description": WORDS, "visibility": "public", "shared_with": SHARED, "administrators": [ONLY_THERE],
    }  # fmt: skip
    key = {"Idempotency-Key": "their-key"}
    body = {"name": WORDS, "definition": DEFINITION, **about}
    report = site.call("POST", "/api/v1/reports", as_=ACCOUNT, json=body, headers=key).json["id"]
    site.create(f"{WORDS}, for some", as_=ACCOUNT, **{**about, "visibility": "limited"})
    deleted = site.create(f"{WORDS}, deleted", as_=ACCOUNT, **about)["id"]
    gone = site.call("DELETE", f"/api/v1/reports/{deleted}", as_=ACCOUNT, headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    assert site.call("PUT", f"/api/v1/reports/{report}/star", as_=ACCOUNT).status_code == 204
    changed = site.call(
        "PUT", f"/api/v1/reports/{report}", as_=ACCOUNT, json={"description": f"{WORDS} now"},
        headers={"If-Match": '"1"'},
    )  # fmt: skip
    assert changed.status_code == 200
    first: dict[str, Any] = {"as_": ACCOUNT, "headers": {"If-Match": '"0"'}}
    gadget = f"/api/v1/gadgets/{'/'.join(GADGET)}"
    assert site.call("PUT", gadget, json={"report": report}, **first).status_code == 200
    settings = {"contact_addresses": [ADDRESS]}
    assert site.call("PUT", "/api/v1/settings", json=settings, **first).status_code == 200
    export = site.call("POST", "/api/v1/exports", as_=ACCOUNT).json["id"]
    assert place.work() == "done"
    task = site.call("POST", "/api/v1/exports", as_=ACCOUNT).json["id"]
    imported = site.call("POST", "/api/v1/imports", as_=ACCOUNT).json["id"]
    part = site.call(
        "PUT", f"/api/v1/imports/{imported}/parts/1", as_=ACCOUNT, body=WORDS.encode(),
        headers={"Content-Type": "application/octet-stream"},
    )  # fmt: skip
    assert part.status_code == 204
    a_message(place, site)
    hashed_accounts(place, site)
    purge = site.call("POST", "/api/v1/purges", as_=ACCOUNT, json=confirmation(site)).json["id"]
    return Names(
        report=report, deleted_report=deleted, export=export, imported=imported, task=task, purge=purge,
        receipt=a_receipt(place, site),
        entry=an_entry(place, site), client_key=site.client_key, base_url=site.base_url,
        account=ONLY_THERE, words=WORDS, key="their-key",
        cursor=report_cursor(report), dashboard=GADGET[0], item=GADGET[1],
    )  # fmt: skip


def an_entry(place: Workplace, site: Site) -> str:
    """The id of an entry in a site's audit trail."""
    with session(place.urls.backup) as cursor:
        cursor.execute(
            "select a.id from audit a join tenants t on t.id = a.tenant_id where t.client_key = %s limit 1",
            (site.client_key,),
        )
        row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def a_message(place: Workplace, site: Site) -> None:
    """A message that a site's contact got."""
    with session(place.urls.owner) as cursor:
        cursor.execute(
            "insert into notification_messages (tenant_id, id, notification_id, template, lapses, site,"
            " address, sender, subject, body, message_id, state) select id, id, id, 'breach', false,"
            " base_url, %s, 'us@example.com', %s, '[]', 'i@example.com', 'sent' from tenants"
            " where client_key = %s",
            (ADDRESS, WORDS, site.client_key),
        )


def hashed_accounts(place: Workplace, site: Site) -> None:
    """What tells that a site had left for long: a key, and an account that nobody came back for."""
    with session(place.urls.owner) as cursor:
        cursor.execute(
            "insert into account_keys select id, 'sealed', 'k', now() from tenants where client_key = %s",
            (site.client_key,),
        )
        cursor.execute(
            "insert into hashed_accounts select id, 'hashedaaaaaaaaaaaaaaaaaa' from tenants"
            " where client_key = %s",
            (site.client_key,),
        )
        cursor.execute(
            "insert into account_report_cycles (tenant_id, due_at) select id, now() + interval '1 day'"
            " from tenants where client_key = %s",
            (site.client_key,),
        )


def a_receipt(place: Workplace, site: Site) -> str:
    """The id of a receipt of an earlier purge of a site."""
    purge = uuid7()
    with session(place.urls.owner) as cursor:
        cursor.execute(
            "insert into purge_receipts select id, %s, repeat('a', 64), repeat('b', 32), 'operator', %s,"
            " now(), now(), now(), '{}', 0, current_date from tenants where client_key = %s",
            (str(purge), WORDS, site.client_key),
        )
    return str(purge)


def methods_of_all_routes(services: Services) -> Iterator[tuple[str, str]]:
    for template, resource in all_routes(services):
        yield from ((method, template) for method in METHODS if hasattr(resource, f"on_{method.lower()}"))


def faults(world: World, *, refused: tuple[int, ...] = ()) -> list[str]:
    """What one site's caller got of another's, on every route; statuses in `refused` will do as well."""
    found = []
    for method, template in methods_of_all_routes(world.services):
        cases = CASES[method, template]
        for theirs, nobodys in zip(cases(world.theirs), cases(world.nobodys), strict=True):
            answers = [asked(world, method, one) for one in (theirs, nobodys)]
            where = f"{method} {theirs.path} {theirs.query or ''}"
            if any(answer.status_code not in {*theirs.statuses, *refused} for answer in answers):
                found.append(f"{where}: {[(a.status_code, a.text[:200]) for a in answers]}")
            if not theirs.differs and comparable(answers[0]) != comparable(answers[1]):
                found.append(f"{where}: another answer than to a name that nobody has")
            found += [f"{where}: tells {word!r}" for word in told(world, theirs, answers[0])]
    return found


def asked(world: World, method: str, one: Asked) -> falcon.testing.Result:
    headers = dict(one.headers)
    if one.path.startswith("/connect/"):
        signs = world.here.install_token if one.path.endswith("installed") else world.here.event_token
        headers["Authorization"] = f"JWT {signs(one.path)}"
    elif one.path.startswith("/api/"):
        headers["Authorization"] = f"JWT {world.here.token(ACCOUNT)}"
    return world.here.client.simulate_request(
        method,
        one.path,
        params=one.query,
        headers=headers,
        **({} if one.body is None else {"json": one.body}),
        **({} if one.raw is None else {"body": one.raw}),
    )


def comparable(answer: falcon.testing.Result) -> tuple[int, dict[str, str], bytes]:
    """An answer without its request id, which is all that may tell it from another."""
    request_id = answer.headers.get("X-Request-Id", "")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    del headers["x-request-id"]
    # It counts the caller's own requests, one more each time.
    headers.pop("ratelimit", None)
    return answer.status_code, headers, answer.content.replace(request_id.encode(), b"")


def told(world: World, one: Asked, answer: falcon.testing.Result) -> list[str]:
    """What an answer says of the other site that the question did not."""
    question = json.dumps([one.path, one.query, one.body, one.headers])
    names = world.theirs
    secrets = [
        names.report, names.deleted_report, names.export, names.task, names.purge, names.receipt,
        names.entry, names.client_key,
        names.base_url, names.words, names.key, names.account, GROUP, ADDRESS,
        str(world.ids[1]), world.there.secret,
    ]  # fmt: skip
    whole = f"{answer.text} {dict(answer.headers)}"
    return [word for word in secrets if word in whole and word not in question]
