"""PostgreSQL's word that a task was written, so that the relay need not wait for its next look."""

import select
from contextlib import suppress

import psycopg2
import psycopg2.extensions

_CHANNEL = "sightline_tasks"


class Announcements:
    """Listens on a connection of its own, and makes a new one when that is lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg2.extensions.connection | None = None

    def wait(self, seconds: float) -> None:
        """Returns when a task was announced since the last call, or after so many seconds."""
        with suppress(psycopg2.Error):
            connection = self._connected()
            select.select([connection], [], [], seconds)
            connection.poll()
            connection.notifies.clear()
            return
        self.close()
        select.select([], [], [], seconds)

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg2.extensions.connection:
        if self._connection is None:
            self._connection = psycopg2.connect(
                self._url, connect_timeout=3, application_name="sightline relay", keepalives_idle=30
            )
            self._connection.autocommit = True
            with self._connection.cursor() as cursor:
                cursor.execute(f"listen {_CHANNEL}")
        return self._connection
