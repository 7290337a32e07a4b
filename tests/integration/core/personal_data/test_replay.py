from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest

from core.accounts import CLOSED
from core.database import Cursor
from core.ledger import Ledger
from core.replay import Replayed, replay
from tests.databases import DatabaseServer
from tests.jira_server import JiraServer
from tests.personal_data import GONE, STAYS, Site, definition_of
from tests.separation import session


def replayed(url: str, site: Site) -> Replayed:
    with (
        closing(psycopg2.connect(url)) as connection,
        connection,
        connection.cursor(cursor_factory=Cursor) as cursor,
    ):
        return replay(cursor, Ledger(site.place.store), datetime.now(UTC) - timedelta(hours=1))


@pytest.fixture
def backup(site: Site, jira: JiraServer, postgres: DatabaseServer) -> str:
    """A copy of the database of before an account of the site was closed; another site has it, too."""
    site.plant(GONE)
    other = Site(site.place, jira)
    other.install()
    other.report("Another site's", administrators=[GONE])
    other.report_later()
    name = f"{site.place.urls.owner.rpartition('/')[2]}_restored"
    with closing(psycopg2.connect(postgres.owner_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"create database {name} template {site.place.urls.owner.rpartition('/')[2]}")
    return f"{site.place.urls.owner.rpartition('/')[0]}/{name}"


def test_a_restored_backup_loses_a_closed_account_again(
    backup: str, site: Site, jira: JiraServer, postgres: DatabaseServer
) -> None:
    jira.closed.add(GONE)
    site.report_accounts()

    done = replayed(backup, site)
    again = replayed(backup, site)

    with session(backup) as cursor:
        cursor.execute(
            "select name, administrators, definition from reports where tenant_id = %s", (str(site.id),)
        )
        reports = {
            name: (administrators, definition) for name, administrators, definition in cursor.fetchall()
        }
        cursor.execute("select administrators from reports where tenant_id <> %s", (str(site.id),))
        others = cursor.fetchall()
        cursor.execute("select count(*) from audit where account_id = %s", (GONE,))
        assert cursor.fetchone() == (0,)
    postgres.drop(backup)
    assert (done, again) == (Replayed(closures=1), Replayed())
    assert reports[f"For {CLOSED}"] == ([CLOSED], definition_of(CLOSED))
    assert reports["Shared"][0] == [STAYS]
    assert others == [([GONE],)]
