import re
from pathlib import Path

import psycopg2

from tests.databases import DatabaseUrls

PAGE = Path(__file__).resolve().parents[3] / "docs" / "data-storage.md"


def test_the_page_lists_exactly_the_tables_of_the_database(database: DatabaseUrls) -> None:
    connection = psycopg2.connect(database.owner)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select tablename from pg_tables where schemaname = 'public'")
            tables = {row[0] for row in cursor.fetchall()}
    finally:
        connection.close()

    described = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE))

    assert described == tables
