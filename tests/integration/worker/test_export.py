from __future__ import annotations

import gzip
import hashlib
import json
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extras

from core.export_sections import LEFT_OUT, SECTIONS
from tests.databases import DatabaseUrls
from tests.workers import Workplace


def rows_of(database: DatabaseUrls, tenant: UUID) -> list[dict[str, Any]]:
    connection = psycopg2.connect(database.backup)
    with connection, connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
        cursor.execute("select * from reports where tenant_id = %s order by id", (str(tenant),))
        rows = [{**row, "id": str(row["id"])} for row in cursor.fetchall()]
    connection.close()
    return rows


def test_an_export_holds_exactly_what_the_database_holds(place: Workplace, database: DatabaseUrls) -> None:
    tenant, other = place.tenant(reports=450), place.tenant(reports=3)
    task_id = place.request_export(tenant)
    with place.worker("--processes", "1"):
        task = place.reach(tenant, task_id, "done")
    stored = place.document(task)
    document = json.loads(gzip.decompress(stored))
    rows = rows_of(database, tenant)

    assert task.result is not None
    assert task.result["sha256"] == hashlib.sha256(stored).hexdigest()
    assert task.result["bytes"] == len(stored)
    assert (task.done, task.total, task.attempts, task.error) == (451, 451, 1, None)
    assert document["format"] == "sightline-export"
    assert document["version"] == 1
    assert document["site"]["base_url"] == "https://acme.atlassian.net"
    assert document["counts"] == {
        "reports": 450, "versions": 0, "stars": 0, "gadgets": 0, "settings": 0, "tasks": 1, "audit": 0,
    }  # fmt: skip
    assert [report["id"] for report in document["reports"]] == [row["id"] for row in rows]
    for report, row in zip(document["reports"], rows, strict=True):
        assert {**report, "shared_with": None, "created_at": None, "updated_at": None} == {
            **{name: row[name] for name in report.keys() & row.keys()},
            "shared_with": None,
            "created_at": None,
            "updated_at": None,
        }
        assert report["shared_with"] == {
            "accounts": row["shared_accounts"],
            "groups": row["shared_groups"],
            "projects": row["shared_projects"],
        }
        assert report["updated_at"] == row["updated_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert not {row["id"] for row in rows_of(database, other)} & {row["id"] for row in rows}


def test_every_table_of_tenants_is_exported_or_left_out_for_a_reason(database: DatabaseUrls) -> None:
    connection = psycopg2.connect(database.owner)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns"
            " where column_name = 'tenant_id' and table_schema = 'public'"
        )
        tables = {row[0] for row in cursor.fetchall()}
    connection.close()
    assert {section.table for section in SECTIONS} | set(LEFT_OUT) == tables
    assert not {section.table for section in SECTIONS} & set(LEFT_OUT)
