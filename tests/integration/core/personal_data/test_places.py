from __future__ import annotations

from core.personal_data.held import accounts_of
from core.personal_data.places import ALSO_REPLACED, NO_ACCOUNTS, PLACES, TEXTS
from tests.personal_data import GONE, STAYS, Site

COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public'
      and (data_type in ('text', 'json', 'jsonb', 'xml', 'ARRAY') or data_type like 'character%')
"""


def stated() -> list[tuple[str, str]]:
    """Every column for which the catalogue of places says what is in it, those with accounts first."""
    places = {(place.table, column) for place in PLACES for column in place.columns}
    more = [(table, column) for table, columns in {**TEXTS}.items() for column in columns]
    more += [(table, column) for table, columns in ALSO_REPLACED.items() for column in columns]
    return [*sorted(places), *more]


def test_every_column_that_could_hold_an_account_is_stated(site: Site) -> None:
    with site.everything() as cursor:
        cursor.execute(COLUMNS)
        there = {(str(table), str(column)) for table, column in cursor.fetchall()}
    without = [(table, column) for table, columns in NO_ACCOUNTS.items() for column in columns]

    assert {*stated(), *without} == there, "core/personal_data/places.py says of each column what it holds"
    assert len(stated()) + len(without) == len(there), "and says it once"


def test_an_account_that_stands_anywhere_is_found(site: Site) -> None:
    site.plant(GONE)

    with site.place.as_worker() as database, database.tenant(site.id) as cursor:
        held = accounts_of(cursor, site.id)

    assert set(held) == {GONE, STAYS, "eve"}


def test_an_account_that_stands_in_one_place_alone_is_found_with_its_oldest_time(site: Site) -> None:
    site.plant("716e")
    for number, place in enumerate(PLACES):
        account = f"712020:00000000-0000-0000-0000-{number:012d}"
        with site.everything() as cursor:
            column = place.columns[0]
            cursor.execute(
                f"update {place.table} set {column} = replace({column}::text, '716e', %s)::"
                f"{_type_of(column)} where tenant_id = %s and {column}::text like '%%716e%%'"
                f" and {_held_here(place.held)}",
                (account, str(site.id)),
            )
            assert cursor.rowcount > 0, place
        with site.place.as_worker() as database, database.tenant(site.id) as cursor:
            assert account in accounts_of(cursor, site.id), place


def _type_of(column: str) -> str:
    lists = {"administrators", "shared_accounts", "unknown_accounts"}
    return "text[]" if column in lists else "jsonb" if column == "details" else "text"


def _held_here(held: str) -> str:
    """Two places share the trail's details: which of its entries is meant."""
    if "$.accounts" in held:
        return "event = 'sharing-changed'"
    return "event = 'report-taken-over'" if "$.administrators" in held else "true"


def test_the_site_that_the_tests_plant_has_the_account_in_every_place(site: Site) -> None:
    site.plant(GONE)

    for table, column in stated():
        with site.everything() as cursor:
            cursor.execute(f"select count(*) from {table} where {column}::text like %s", (f"%{GONE}%",))
            assert cursor.fetchone() != (0,), (table, column)
