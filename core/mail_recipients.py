"""Who is written to: the contacts of sites, as their administrators named them or as a file does."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from core.database import Cursor
from core.mail_addresses import is_address
from core.mail_message import breaks_lines
from core.tasks import SERVICE

_LONGEST_SITE = 255
_SITES = """
    select t.id, t.client_key, t.base_url, t.state, coalesce(s.contact_addresses, '{}') as addresses
    from tenants t left join site_settings s on s.tenant_id = t.id
    order by t.base_url, t.installed_at, t.id
"""


class RecipientsUnclear(Exception):
    """Who is meant cannot be told; the text has a line for each reason."""


class Site(NamedTuple):
    """A site that we know, with the contacts that its administrators named."""

    id: UUID
    client_key: str | None
    base_url: str
    state: str
    addresses: list[str]


class Contact(NamedTuple):
    """A line of a file: a site's id, client key or base URL, and an address, which may be empty."""

    line: int
    site: str
    address: str


class Recipient(NamedTuple):
    """A site and the addresses to write to, maybe none. A site that we no longer know has SERVICE's id."""

    tenant_id: UUID
    site: str
    addresses: tuple[str, ...]


class Sites:
    """All sites there are, found by their names."""

    def __init__(self, cursor: Cursor) -> None:
        """`cursor` sees every tenant."""
        cursor.execute(_SITES)
        self.all = [Site(**row) for row in cursor.fetchall()]
        self._by_name: dict[str, list[Site]] = {}
        for site in self.all:
            for name in {str(site.id), site.client_key or "", _address(site.base_url)} - {""}:
                self._by_name.setdefault(name, []).append(site)

    def find(self, name: str) -> list[Site]:
        """The sites of an id, a client key or a base URL, whose scheme may be left out."""
        return self._by_name.get(name) or self._by_name.get(_address(name)) or []


def read_contacts(lines: Iterable[str]) -> list[Contact]:
    """Reads CSV with the columns `site` and `address`. Raises RecipientsUnclear with every mistake."""
    reader = csv.DictReader(lines, strict=True)
    try:
        if not {"site"} <= set(reader.fieldnames or ()) <= {"site", "address"}:
            raise RecipientsUnclear("the file's first line must be: site,address")
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise RecipientsUnclear(f"line {reader.line_num} of the file is no CSV: {error}") from error
    # What a line has beyond the head's columns stands under None.
    problems = [f"line {line}: has more than two columns" for line, row in rows if None in row]
    contacts = [
        Contact(line, (row["site"] or "").strip(), (row.get("address") or "").strip()) for line, row in rows
    ]
    problems += [f"line {contact.line}: {reason}" for contact in contacts for reason in _mistakes(contact)]
    _refuse(problems)
    return contacts


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which sites are meant: those named, every one, or else those of the file.

    Where sites are named, or all are meant, the file stands in for contacts that a site lacks; otherwise its
    addresses are the ones written to, and a site's own where the file gives it none. `former` writes to sites
    of the file that we no longer know as well. `lapses` leaves uninstalled sites out of "every one".
    """

    names: Sequence[str] = ()
    everyone: bool = False
    contacts: Sequence[Contact] = ()
    former: bool = False
    lapses: bool = False

    def recipients(self, sites: Sites) -> list[Recipient]:
        """Every chosen site, also those without any address. Raises RecipientsUnclear."""
        problems: list[str] = []
        given: dict[UUID, list[str]] = {}
        strangers: dict[str, list[str]] = {}
        listed = []
        for contact in self.contacts:
            if self.former and not sites.find(contact.site):
                strangers.setdefault(contact.site, []).append(contact.address)
            elif site := _only(sites, contact.site, f"line {contact.line}: ", problems):
                given.setdefault(site.id, []).append(contact.address)
                listed.append(site)
        named = [_only(sites, name, "", problems) for name in self.names]
        _refuse(problems)
        chosen = self._chosen(sites, [site for site in named if site], listed)
        found = [self._recipient(site, given.get(site.id, [])) for site in chosen]
        former = [] if self.names else [
            Recipient(SERVICE, name, _distinct(addresses)) for name, addresses in strangers.items()
        ]  # fmt: skip
        return found + former

    def _chosen(self, sites: Sites, named: Sequence[Site], listed: Sequence[Site]) -> list[Site]:
        if self.names:
            chosen: Iterable[Site] = named
        elif self.everyone:
            chosen = (site for site in sites.all if not (self.lapses and site.state == "uninstalled"))
        else:
            chosen = listed
        return list({site.id: site for site in chosen}.values())

    def _recipient(self, site: Site, given: Sequence[str]) -> Recipient:
        own, filed = _distinct(site.addresses), _distinct(given)
        by_file = not self.names and not self.everyone
        addresses = (filed or own) if by_file else (own or filed)
        return Recipient(site.id, site.base_url, addresses)


def _only(sites: Sites, name: str, place: str, problems: list[str]) -> Site | None:
    found = sites.find(name)
    if len(found) == 1:
        return found[0]
    problems.append(
        f"{place}{len(found)} sites have had the base URL {name}; name one by its id"
        if found
        else f"{place}no site has the id, client key or base URL {name}"
    )
    return None


def _mistakes(contact: Contact) -> list[str]:
    mistakes = []
    if not 0 < len(contact.site) <= _LONGEST_SITE or breaks_lines(contact.site):
        mistakes.append("names no site")
    if contact.address and not is_address(contact.address):
        mistakes.append("has no e-mail address in its second column")
    return mistakes


def _distinct(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple({address.casefold(): address for address in addresses if address}.values())


def _address(url: str) -> str:
    return url.lower().rstrip("/").removeprefix("https://")


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise RecipientsUnclear("\n".join(problems))
