"""Sites with contacts, and notices to them: written as the operator's command does, sent by the worker."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.ids import uuid7
from core.mail_addresses import parse_mailbox
from core.mail_recipients import Choice, Sites
from core.mail_templates import fields_of, fill
from core.notifications import cancel, describe, send_again, write
from core.overview import acting_for_all
from tests.mail_server import MailServer
from tests.separation import session
from tests.workers import Workplace

SENDER = "Sightline <notices@sightline.example>"
_SITE = """
    insert into tenants (id, client_key, base_url, state, last_event_at) values (%s, %s, %s, 'active', now())
"""
_CONTACTS = "insert into site_settings (tenant_id, contact_addresses, updated_by) values (%s, %s, 'ann')"


@dataclass
class Notices:
    """A workplace whose worker sends to a mail server of the test's own."""

    place: Workplace
    server: MailServer

    def sites(self, number: int, *, contacts: int) -> None:
        """So many new sites with so many contacts each."""
        with session(self.place.urls.owner) as cursor:
            for site in range(number):
                tenant_id = str(uuid7())
                cursor.execute(_SITE, (tenant_id, f"site{site}", f"https://site{site}.atlassian.net"))
                addresses = [f"contact{one}@site{site}.example" for one in range(contacts)]
                cursor.execute(_CONTACTS, (tenant_id, addresses))

    def site(self, name: str, *addresses: str) -> UUID:
        """A new site with these contacts."""
        tenant_id = uuid7()
        with session(self.place.urls.owner) as cursor:
            cursor.execute(_SITE, (str(tenant_id), name, f"https://{name}.atlassian.net"))
            if addresses:
                cursor.execute(_CONTACTS, (str(tenant_id), list(addresses)))
        return tenant_id

    def write(self, template: str = "breach", **choice: Any) -> UUID:
        """Writes a notification, to every site unless the choice says otherwise."""
        notice = fill(template, dict.fromkeys(fields_of(template), "Something."))
        chosen = Choice(**(choice or {"everyone": True}), lapses=notice.lapses)
        with acting_for_all(self.place.urls.owner) as cursor:
            return write(cursor, notice, parse_mailbox(SENDER), chosen.recipients(Sites(cursor)))

    def show(self, notification: UUID) -> dict[str, Any]:
        """What has become of it."""
        with acting_for_all(self.place.urls.owner) as cursor:
            return describe(cursor, notification)

    def states(self, notification: UUID) -> dict[str, str]:
        """The state of each address' message."""
        return {message["address"]: message["state"] for message in self.show(notification)["messages"]}

    def task_state(self, notification: UUID) -> str:
        """The state of the task that sends it."""
        return str(self.show(notification)["task"]["state"])

    def cancel(self, notification: UUID) -> int:
        """Cancels it."""
        with acting_for_all(self.place.urls.owner) as cursor:
            return cancel(cursor, notification)

    def send_again(self, notification: UUID, **what: bool) -> int:
        """Sends messages again."""
        with acting_for_all(self.place.urls.owner) as cursor:
            return send_again(cursor, notification, **what)

    def make_due(self) -> None:
        """Ends every pause of messages and tasks."""
        self.change("update notification_messages set due_at = now()")
        self.change("update tasks set due_at = now() where state = 'queued'")

    def change(self, sql: str) -> None:
        """Changes rows of all sites."""
        with session(self.place.urls.owner) as cursor:
            cursor.execute("set local role sightline_definer")
            cursor.execute(sql)

    @property
    def mailed(self) -> Counter[str]:
        """How many messages the mail server took for each address."""
        return Counter(self.server.reached)
