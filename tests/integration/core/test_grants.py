"""What each role may do, written out: a new grant fails here until somebody has stated it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue import Catalogue, catalogue
from tests.databases import DatabaseServer

DOCS = Path(__file__).resolve().parents[3] / "docs" / "core-and-api.md"
READ, WRITE = "select", "select insert update"
ALL = "select insert update delete"
# What the definer may do to every table of tenants' data, as a purge does.
EMPTIED = "select delete"
# The secret is given by find_tenant, to the api alone, and to a worker by tenant_of_import: that of a tenant
# whose import it holds; likewise by tenant_of_account_report.
NO_SECRET = "select(base_url client_key id installed_at secret_version state uninstalled_at)"

# Where a role may do it in some columns only, these are named.
TABLES = {
    "api": {
        "account_keys": READ,
        "account_report_cycles": "",
        "hashed_accounts": READ,
        "accepted_callbacks": "",
        "audit": "select insert(account_id details event host subject tenant_id)",
        "change_marks": READ,
        "gadgets": ALL,
        "import_parts": ALL,
        "imports": ALL,
        "purge_receipts": READ,
        "notification_messages": "",
        "report_versions": READ,
        "reports": WRITE,
        "schema_migrations": READ,
        "site_settings": WRITE,
        "stars": "select insert delete",
        "tasks": "select insert delete update(finished_at lease_token leased_until state)",
        "tenants": NO_SECRET,
        "turns_served": "",
    },
    "worker": {
        "account_keys": "select insert update(hashed_at)",
        "account_report_cycles": ALL,
        "hashed_accounts": "select insert",
        "accepted_callbacks": "",
        "audit": "select insert(account_id details event host subject tenant_id)",
        "change_marks": "",
        "gadgets": "select insert update(report_id set_at set_by version)",
        "import_parts": "select delete",
        "imports": "select update delete",
        "purge_receipts": READ,
        "notification_messages": "",
        "report_versions": "select insert",
        "reports": ALL,
        "schema_migrations": READ,
        "site_settings": "select insert",
        "stars": "select insert delete",
        "tasks": ALL,
        "tenants": NO_SECRET,
        "turns_served": "",
    },
    "backup": {
        "account_keys": READ,
        "account_report_cycles": READ,
        "hashed_accounts": READ,
        "accepted_callbacks": READ,
        "audit": READ,
        "change_marks": READ,
        "gadgets": READ,
        "import_parts": READ,
        "imports": READ,
        "purge_receipts": READ,
        "notification_messages": READ,
        "report_versions": READ,
        "reports": READ,
        "schema_migrations": READ,
        "site_settings": READ,
        "stars": READ,
        "tasks": READ,
        "tenants": READ,
        "turns_served": READ,
    },
    "definer": {
        "account_keys": "select update delete",
        "account_report_cycles": "select insert delete",
        "hashed_accounts": EMPTIED,
        "accepted_callbacks": "select insert delete",
        "audit": ALL,
        "change_marks": ALL,
        "gadgets": "select update delete",
        "import_parts": EMPTIED,
        "imports": "select update delete",
        "purge_receipts": ALL,
        "notification_messages": ALL,
        "report_versions": ALL,
        "reports": "select update delete",
        "schema_migrations": "",
        "site_settings": "select update delete",
        "stars": "select update delete",
        "tasks": ALL,
        "tenants": ALL,
        "turns_served": "select update",
    },
}
FUNCTIONS = {
    "api": {
        "change_tenant", "current_tenant", "enter_tenant", "enter_tenant_marked", "find_tenant",
        "install_tenant", "new_id",
        "hold_files", "put_account_back",
    },
    "worker": {
        "forget_message_addresses", "messages_left", "note_message", "take_message",
        "claim_task", "current_tenant", "due_tasks", "enter_tenant", "imports_over", "new_id",
        "remove_deleted_reports", "remove_expired_callbacks", "remove_old_audit", "tasks_ended_before",
        "tenant_of_import", "hold_files", "hold_files_alone", "purge_tenant", "request_retention_purges",
        "take_deleted_reports",
        "request_account_hashing", "request_account_reports", "take_accounts_out", "tenant_of_account_report",
        "tenant_of_accounts",
    },
    "backup": set(),
    # Its own; a function's owner may call it.
    "definer": {"account_after", "accounts_after", "current_tenant", "document_after", "new_id"},
}  # fmt: skip
ROLES = tuple(TABLES)


@pytest.fixture(scope="module")
def found(postgres: DatabaseServer) -> Iterator[Catalogue]:
    urls = postgres.fresh_database()
    yield catalogue(urls.owner)
    postgres.drop(urls.owner)


def granted(found: Catalogue, role: str, table: str) -> set[str]:
    """Rights to a whole table, and those to columns as `right(column …)`."""
    named = f"sightline_{role}"
    rights = {str(row[2]).lower() for row in found["table grants"] if row[:2] == (table, named)}
    columns: dict[str, set[str]] = {}
    for grant in found["column grants"]:
        if (grant[0], grant[2]) == (table, named):
            columns.setdefault(str(grant[3]).lower(), set()).add(str(grant[1]))
    return rights | {f"{right}({' '.join(sorted(names))})" for right, names in columns.items()}


def stated(rights: str) -> set[str]:
    return set(re.findall(r"\w+(?:\([^)]*\))?", rights))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_to_tables_what_is_stated_and_nothing_else(found: Catalogue, role: str) -> None:
    tables = {str(row[0]) for row in found["relations"] if row[1] in {"r", "p", "S"}}
    others = {str(row[0]) for row in found["table grants"] if row[1] == f"sightline_{role}"} - tables

    assert {table: granted(found, role, table) for table in tables} == {
        table: stated(rights) for table, rights in TABLES[role].items()
    }
    assert others == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_call_the_functions_that_are_stated_and_no_other(found: Catalogue, role: str) -> None:
    owned = {str(row[0]) for row in found["functions"] if row[1] == f"sightline_{role}"}
    callable_ = {str(row[0]) for row in found["function grants"] if row[1] == f"sightline_{role}"}

    assert {name.partition("(")[0] for name in callable_ - owned} == FUNCTIONS[role]


def test_the_public_may_do_nothing_and_nobody_may_hand_a_right_on(found: Catalogue) -> None:
    kinds = ("schema grants", "table grants", "function grants")
    rows = [(kind, row) for kind in kinds for row in found[kind]]

    assert [row for _, row in rows if row[1] == "public"] == []
    assert [row for _, row in rows if row[3] and str(row[1]).startswith("sightline")] == []
    assert [row for row in found["column grants"] if row[4]] == []


def test_nothing_new_belongs_to_anyone_by_default(found: Catalogue) -> None:
    assert [row for row in found["default grants"] if row[3] not in {"owner"}] == []
    # The default of functions without this entry would be that everyone may call them.
    assert [(row[2], row[4]) for row in found["default grants"]] == [("f", "EXECUTE")]


def test_no_role_may_create_anything_or_become_another(found: Catalogue) -> None:
    schema = {(row[1], row[2]) for row in found["schema grants"] if str(row[1]).startswith("sightline_")}

    assert schema == {(f"sightline_{role}", "USAGE") for role in ROLES}
    assert found["memberships"] == []


def test_every_function_that_sees_all_tenants_is_the_definers_and_documented_with_its_reason(
    found: Catalogue,
) -> None:
    definers = {str(row[0]).partition("(")[0]: row for row in found["functions"] if row[2]}
    table = DOCS.read_text().partition("| Function |")[2].partition("\n\n")[0]
    documented = dict(re.findall(r"^\| `(\w+)` \| (.{20,}) \|$", table, re.MULTILINE))

    assert set(definers) == set(documented), "docs/core-and-api.md lists them with their reasons"
    assert {row[1] for row in definers.values()} == {"sightline_definer"}
    assert {tuple(row[3]) for row in definers.values() if isinstance(row[3], list)} == {
        ("search_path=pg_catalog, public, pg_temp",)
    }
    assert all(isinstance(row[3], list) for row in definers.values())
