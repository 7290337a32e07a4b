"""Every place in the database where an account's id may stand, and how it is found there.

The function `replace_accounts` of the migrations changes the columns here, `replace_texts` those of TEXTS. A
test compares this list with the catalogue: whoever adds a column that could hold an id has to say here
whether it does, and has to teach those functions if it does.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Columns of a table with ids of accounts. `held` is a query for the ids and the times since when we have
    them at the latest, of the tenant `%(tenant)s`."""

    table: str
    columns: tuple[str, ...]
    held: str


def _held(table: str, account: str, since: str) -> str:
    return f"select {account}, {since} from {table} where tenant_id = %(tenant)s"  # noqa: S608 - of constants


def _details(name: str) -> str:
    return f"""jsonb_path_query(details, '$.{name}.** ? (@.type() == "string")') #>> '{{}}'"""


PLACES = (
    Place("reports", ("administrators",), _held("reports", "unnest(administrators)", "created_at")),
    Place("reports", ("shared_accounts",), _held("reports", "unnest(shared_accounts)", "created_at")),
    Place("reports", ("created_by",), _held("reports", "created_by", "created_at")),
    Place("reports", ("updated_by",), _held("reports", "updated_by", "created_at")),
    Place("report_versions", ("account_id",), _held("report_versions", "account_id", "at")),
    Place(
        "stars",
        ("account_id",),
        "select s.account_id, r.created_at from stars s join reports r"
        " on r.tenant_id = s.tenant_id and r.id = s.report_id where s.tenant_id = %(tenant)s",
    ),
    Place("gadgets", ("set_by",), _held("gadgets", "set_by", "set_at")),
    Place("site_settings", ("updated_by",), _held("site_settings", "updated_by", "updated_at")),
    Place("imports", ("created_by",), _held("imports", "created_by", "created_at")),
    Place("imports", ("unknown_accounts",), _held("imports", "unnest(unknown_accounts)", "created_at")),
    Place("tasks", ("requested_by",), _held("tasks", "requested_by", "created_at")),
    Place("audit", ("account_id",), _held("audit", "account_id", "at")),
    Place("audit", ("details",), _held("audit", _details("administrators"), "at")),
    Place("audit", ("details",), _held("audit", _details("accounts"), "at")),
)

TEXTS = {
    "reports": ("name", "name_key", "description", "definition"),
    "report_versions": ("name", "description", "definition"),
}
"""Columns in which people write, and may have written ids of accounts."""

ALSO_REPLACED = {"imports": ("found", "applied"), "tasks": ("params", "result")}
"""Documents that hold no accounts today and are gone through all the same."""

NO_ACCOUNTS = {
    "account_keys": {"secret_key_id": "names one of the operator's keys"},
    "audit": {"event": "one of a list", "host": "one of a list"},
    "gadgets": {"dashboard": "Jira's id of a dashboard", "item": "Jira's id of a dashboard's item"},
    "hashed_accounts": {"hash": "stands for an account without naming it"},
    "import_parts": {"file": "a name in the store, of ids of ours"},
    "imports": {"step": "one of a list", "ended": "one of a list"},
    "notification_messages": {
        "template": "a name of ours",
        "site": "a site's host",
        "address": "an e-mail address, which is no account's id, forgotten in time",
        "sender": "the operator's own address",
        "subject": "the operator's words to the site",
        "body": "the operator's words to the site",
        "message_id": "made of random bytes",
        "state": "one of a list",
        "reply": "a mail server's words, forgotten with the address",
    },
    "purge_receipts": {
        "tenant_hash": "a hash of an id of ours",
        "salt": "random",
        "asked_by": "one of a list",
        "reason": "the operator's words",
        "counts": "numbers",
    },
    "reports": {
        "visibility": "one of a list",
        "shared_groups": "groups' ids and names",
        "shared_projects": "projects' ids",
    },
    "schema_migrations": {"name": "a file of ours"},
    "site_settings": {"contact_addresses": "e-mail addresses, which are no accounts' ids"},
    "tasks": {
        "kind": "a name of ours",
        "subject": "what a task is about: ids of ours",
        "state": "one of a list",
        "error": "words of ours",
    },
    "tenants": {
        "client_key": "the site's",
        "base_url": "the site's",
        "state": "one of a list",
        "secret_key_id": "names one of the operator's keys",
    },
}
"""Columns of text that hold none, and why."""
