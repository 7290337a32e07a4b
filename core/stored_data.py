"""The statement of what is stored, shown to everyone. Tests hold it to the schema and the docs."""

from typing import NamedTuple


class Stored(NamedTuple):
    """What one table holds, for people who decide whether to trust us with it."""

    table: str
    what: str
    personal: str
    kept: str


STORED: tuple[Stored, ...] = (
    Stored(
        "tenants",
        "the site's connection: client key, base URL, encrypted shared secret, state and dates of "
        "installation",
        "none",
        "until removed; the secret is destroyed at uninstall",
    ),
    Stored(
        "accepted_callbacks",
        "hashes of Jira's installation callbacks, so that none can be sent twice with another content",
        "none",
        "until the callback's token expires (minutes), removed within the hour after",
    ),
    Stored(
        "reports",
        "name, description, base query, field ids, literals of filters, sharing by account, group and "
        "project id, who made and last changed it",
        "account ids; names of groups; what people type into names, descriptions and filters",
        "until removed; deleted ones 30 days",
    ),
    Stored(
        "report_versions",
        "earlier names, descriptions and definitions of reports that were changed, the last 20 of each; who "
        "made them and when",
        "account ids; what people type into names, descriptions and filters",
        "as long as their report",
    ),
    Stored(
        "change_marks",
        "a random mark that every change of the site's reports and stars replaces",
        "none",
        "until removed",
    ),
    Stored("stars", "which account marked which report", "account ids", "until unmarked"),
    Stored(
        "gadgets",
        "which report a gadget of a dashboard shows: ids of dashboard, item and report, who chose it and "
        "when",
        "account ids",
        "until removed; a choice that was taken back one day or longer",
    ),
    Stored(
        "site_settings",
        "the contact addresses that the site's administrators gave, and who set them",
        "e-mail addresses; account ids",
        "until changed or removed",
    ),
    Stored(
        "tasks",
        "exports and other background work: state, progress, who asked",
        "account ids",
        "exports until their files expire, others 30 days",
    ),
    Stored(
        "imports",
        "imports of the site's data: who began each and when, what its check found: ids of fields and "
        "accounts, numbers of things",
        "account ids",
        "one day while nobody goes on with it, 30 days after its end",
    ),
    Stored(
        "import_parts",
        "lengths, hashes and places of an import's file, which lies encrypted in the store",
        "none",
        "until the import ends, a day at most after the last part came",
    ),
    Stored(
        "notification_messages",
        "e-mails that told the site's contacts of a breach, a vulnerability or maintenance: text, address, "
        "when it was sent and what the mail server said",
        "e-mail addresses",
        "until removed; addresses 90 days",
    ),
    Stored(
        "audit",
        "installations, changes of sharing, exports and refused calls: what happened, when, who did it, from "
        "which host, ids of what it was about",
        "account ids; ids of groups",
        "one year, or as the operator has set",
    ),
    Stored(
        "purge_receipts",
        "of each purge: a salted hash of the id that the site had with us, how many rows and files went, "
        "when, whether an admin, the operator or the retention asked for it, and the operator's note",
        "none",
        "always",
    ),
    Stored(
        "account_report_cycles",
        "when the site's accounts were reported to Atlassian, how many, and how many of them were closed",
        "none",
        "one year",
    ),
    Stored(
        "account_keys",
        "of a site that uninstalled the app a month ago: the encrypted key of the hashes that its account "
        "ids became",
        "none",
        "until removed",
    ),
    Stored(
        "hashed_accounts",
        "of such a site: the hashes of accounts whose owners have not come back",
        "keyed hashes of account ids",
        "until their owners come back, or removed",
    ),
    Stored("schema_migrations", "which database changes were applied", "none", "always"),
)
