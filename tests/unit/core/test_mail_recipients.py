from __future__ import annotations

from typing import cast
from uuid import UUID

import pytest

from core.database import Cursor
from core.mail_recipients import Choice, Contact, Recipient, RecipientsUnclear, Sites, read_contacts
from core.tasks import SERVICE

ACME, BELL, CERN, OLD, NEW = (UUID(int=number) for number in range(1, 6))


class Rows:
    """The rows that a database would give."""

    def __init__(self, *rows: tuple[UUID, str, str, str, list[str]]) -> None:
        self._names = ("id", "client_key", "base_url", "state", "addresses")
        self._rows = rows

    def execute(self, _sql: str) -> None:
        """Knows one answer."""

    def fetchall(self) -> list[dict[str, object]]:
        return [dict(zip(self._names, row, strict=True)) for row in self._rows]


@pytest.fixture
def sites() -> Sites:
    rows = Rows(
        (ACME, "acme-key", "https://acme.atlassian.net", "active", ["ada@acme.example"]),
        (BELL, "bell-key", "https://bell.atlassian.net", "disabled", []),
        (CERN, "cern-key", "https://cern.atlassian.net", "uninstalled", ["cat@cern.example"]),
        (OLD, "old-key", "https://twice.atlassian.net", "uninstalled", []),
        (NEW, "new-key", "https://twice.atlassian.net", "active", []),
    )
    return Sites(cast("Cursor", rows))


def addresses(recipients: list[Recipient]) -> dict[UUID, tuple[str, ...]]:
    return {one.tenant_id: one.addresses for one in recipients}


def refusal(choice: Choice, sites: Sites) -> str:
    with pytest.raises(RecipientsUnclear) as caught:
        choice.recipients(sites)
    return str(caught.value)


@pytest.mark.parametrize(
    "name", [str(ACME), "acme-key", "https://acme.atlassian.net/", "Acme.Atlassian.net", "acme.atlassian.net"]
)
def test_a_site_is_named_by_its_id_its_client_key_or_its_base_url(sites: Sites, name: str) -> None:
    assert addresses(Choice(names=[name, name]).recipients(sites)) == {ACME: ("ada@acme.example",)}


def test_all_are_all_and_maintenance_is_for_those_that_still_have_the_app(sites: Sites) -> None:
    assert set(addresses(Choice(everyone=True).recipients(sites))) == {ACME, BELL, CERN, OLD, NEW}
    assert set(addresses(Choice(everyone=True, lapses=True).recipients(sites))) == {ACME, BELL, NEW}


def test_beside_a_choice_the_file_stands_in_for_contacts_that_are_missing(sites: Sites) -> None:
    file = [Contact(2, "acme-key", "other@acme.example"), Contact(3, "bell-key", "bob@bell.example")]

    chosen = addresses(Choice(names=["acme-key", "bell-key"], contacts=file).recipients(sites))

    assert chosen == {ACME: ("ada@acme.example",), BELL: ("bob@bell.example",)}


def test_a_file_alone_says_which_sites_and_which_addresses(sites: Sites) -> None:
    file = [
        Contact(2, "acme-key", "other@acme.example"),
        Contact(3, "acme-key", "Other@Acme.example"),
        Contact(4, "acme-key", "third@acme.example"),
        Contact(5, "cern-key", ""),
        Contact(6, "bell-key", ""),
    ]

    assert addresses(Choice(contacts=file).recipients(sites)) == {
        ACME: ("Other@Acme.example", "third@acme.example"),
        CERN: ("cat@cern.example",),
        BELL: (),
    }


def test_a_site_that_nobody_knows_is_a_mistake_unless_former_ones_are_meant(sites: Sites) -> None:
    file = [Contact(2, "gone.atlassian.net", "gus@gone.example"), Contact(3, "acme-key", "")]

    assert refusal(Choice(contacts=file), sites) == (
        "line 2: no site has the id, client key or base URL gone.atlassian.net"
    )
    assert Choice(contacts=file, former=True).recipients(sites)[-1] == Recipient(
        SERVICE, "gone.atlassian.net", ("gus@gone.example",)
    )
    assert len(Choice(contacts=file, former=True, everyone=True).recipients(sites)) == 6
    assert len(Choice(contacts=file, former=True, names=["acme-key"]).recipients(sites)) == 1


def test_a_base_url_that_two_sites_had_names_neither(sites: Sites) -> None:
    assert refusal(Choice(names=["twice.atlassian.net", "nobody"]), sites).splitlines() == [
        "2 sites have had the base URL twice.atlassian.net; name one by its id",
        "no site has the id, client key or base URL nobody",
    ]


def test_a_file_has_a_line_for_each_address() -> None:
    text = 'site,address\nacme-key,ada@acme.example\n"bell, inc", bob@bell.example \ncern-key\n'

    assert read_contacts(text.splitlines(keepends=True)) == [
        Contact(2, "acme-key", "ada@acme.example"),
        Contact(3, "bell, inc", "bob@bell.example"),
        Contact(4, "cern-key", ""),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "first line must be: site,address"),
        ("acme-key,ada@acme.example\n", "first line must be: site,address"),
        ("site,address,name\n", "first line must be: site,address"),
        ("site,address\nacme-key,ada\n", "line 2: has no e-mail address in its second column"),
        ("site,address\nacme-key,ada@acme.example,bob@acme.example\n", "line 2: has more than two columns"),
        ("site,address\n,ada@acme.example\n", "line 2: names no site"),
        ('site,address\n"acme\nkey",ada@acme.example\n', "names no site"),
        ('site,address\n"acme,ada@acme.example\n', "is no CSV"),
        (f"site,address\n{'x' * 256},\n", "line 2: names no site"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_the_place(text: str, problem: str) -> None:
    with pytest.raises(RecipientsUnclear, match=problem):
        read_contacts(text.splitlines(keepends=True))
