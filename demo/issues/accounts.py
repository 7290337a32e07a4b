"""The people who may sign in to the demonstration, and the site's groups. All names are invented."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from demo.issues.model import Account, Group

EVERYONE, ADMINS = "jira-software-users", "site-admins"
DEVELOPERS, QUALITY, SUPPORT, SECURITY = "developers", "quality", "support", "security-team"
STAFF, CONTRACTORS, LEADS = "staff", "contractors", "team-leads"

_GROUPS = (
    ADMINS,
    "jira-administrators",
    EVERYONE,
    DEVELOPERS,
    QUALITY,
    SUPPORT,
    SECURITY,
    STAFF,
    CONTRACTORS,
    LEADS,
    "mobile guild",
    "office berlin",
    "office st john's",
    "office kolkata",
)

_STAFF = frozenset({EVERYONE, STAFF})
# Names, zone, locale, groups besides the common ones.
_PEOPLE: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    (
        "Ada Lovett",
        "Europe/Berlin",
        "en_GB",
        _STAFF | {ADMINS, "jira-administrators", SECURITY, LEADS, DEVELOPERS, "office berlin"},
    ),
    ("Brendan Power", "America/St_Johns", "en_US", _STAFF | {DEVELOPERS, "office st john's"}),
    ("Priya Raghunathan", "Asia/Kolkata", "en_GB", frozenset({EVERYONE, CONTRACTORS, "office kolkata"})),
    ("Jonas Brandt", "Europe/Berlin", "de_DE", _STAFF | {LEADS, DEVELOPERS, "office berlin"}),
    ("Leila Haddad", "Europe/Berlin", "en_GB", _STAFF | {QUALITY, SECURITY, "office berlin"}),
    ("Nuala Keough", "America/St_Johns", "en_US", _STAFF | {SUPPORT, "office st john's"}),
    ("Arjun Sen", "Asia/Kolkata", "en_GB", _STAFF | {DEVELOPERS, "mobile guild", "office kolkata"}),
    ("Meera Chatterjee", "Asia/Kolkata", "en_GB", _STAFF | {ADMINS, LEADS, QUALITY, "office kolkata"}),
    ("Tomás Okafor", "Europe/Berlin", "en_GB", _STAFF | {DEVELOPERS, "mobile guild"}),
    ("Yuki Tanabe", "Asia/Kolkata", "ja_JP", _STAFF | {DEVELOPERS}),
    ("Marek Dvořák", "Europe/Berlin", "cs_CZ", frozenset({EVERYONE, CONTRACTORS, DEVELOPERS})),
    ("Sinéad O'Rourke", "America/St_Johns", "en_GB", _STAFF | {SUPPORT, QUALITY}),
    ("נועה לוי", "Europe/Berlin", "he_IL", _STAFF | {DEVELOPERS}),
    ("Ingrid Solberg-Nakamura", "Europe/Berlin", "nb_NO", _STAFF | {SUPPORT}),
)
_GONE = ("Former Person", "Europe/Berlin", "en_GB", frozenset[str]())


def account_id(name: str) -> str:
    """A stable id in the form of Atlassian's."""
    return f"712020:{uuid5(NAMESPACE_URL, 'account:' + name)}"


def groups() -> dict[str, Group]:
    """The site's groups by name."""
    return {name: Group(str(uuid5(NAMESPACE_URL, "group:" + name)), name) for name in _GROUPS}


def accounts() -> dict[str, Account]:
    """The demonstration's accounts by id: the first is a site admin, the last one has left."""
    people = [_account(*person) for person in _PEOPLE]
    name, zone, locale, held = _GONE
    gone = Account(account_id(name), name, "", zone, locale, held, active=False)
    return {account.id: account for account in (*people, gone)}


def _account(name: str, zone: str, locale: str, held: frozenset[str]) -> Account:
    mailbox = account_id(name)[7:15]
    return Account(account_id(name), name, f"{mailbox}@example.com", zone, locale, held, demo=True)
