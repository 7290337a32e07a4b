"""gunicorn's worker process: threads that read, answer and wait for the next connection themselves.

gunicorn's threaded worker hands each request from a thread that waits to one that answers and back, and reads
HTTP in Python; both together cost more processor time than answering a list of reports.

Told to stop, a worker takes the connections that the kernel has let in, closes its door, answers what it has,
tells kept connections `Connection: close` with their next answer, waits `_LINGER_SECONDS` for that, and for
requests under way as long as the grace period.
"""

import os
import select
import socket
import threading
import time
from contextlib import suppress
from ipaddress import ip_address

from gunicorn.config import Config
from gunicorn.errors import ConfigError
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from api.http1.answers import Failed, Gone
from api.http1.clients import Clients
from api.http1.connection import Connection
from api.http1.environs import Environs
from api.limits import LARGEST_BODY

_LINGER_SECONDS = 2.0
_TICK_SECONDS = 1.0
_DRAIN_TICK_SECONDS = 0.02
_OF_NO_MATTER = (BlockingIOError, ConnectionAbortedError)


class ThreadsWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """For `--worker-class`, where there is epoll."""

    alive: bool

    @classmethod
    def check_config(cls, config: Config, _log: Logger) -> None:
        """Refuses what it would pass over in silence."""
        if config.is_ssl or config.max_requests:
            raise ConfigError("This worker knows neither TLS nor max_requests.")

    def run(self) -> None:
        """Serves until told to stop, or the master is gone."""
        for listener in self.sockets:
            listener.setblocking(False)
        self._clients = Clients(self.sockets, most=self.cfg.worker_connections, keepalive=self.cfg.keepalive)
        threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(self.cfg.threads)]
        for thread in threads:
            thread.start()
        while self.alive and self.ppid == os.getppid():
            self._clients.listen()
            self._tick(_TICK_SECONDS)
        self.alive = False
        self._drain()
        self._clients.dismiss()

    def _tick(self, seconds: float, *, close_idle: bool = False) -> None:
        """Waits, for a signal at most, and sees to what is due."""
        self.notify()
        select.select([self.PIPE[0]], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self.PIPE[0], 4096)
        self._clients.drop_resting(time.monotonic(), idle=close_idle)

    def _drain(self) -> None:
        self._clients.deafen()
        for listener in self.sockets:
            while self._accept(listener, beyond_most=True):  # whom the kernel has let in would be cut off
                pass
            listener.close()
        began = time.monotonic()
        while len(self._clients) and time.monotonic() < began + self.cfg.graceful_timeout:
            self._tick(_DRAIN_TICK_SECONDS, close_idle=time.monotonic() > began + _LINGER_SECONDS)

    def _serve(self) -> None:
        """What each thread does."""
        while (ready := self._clients.next()) is not None:
            if isinstance(ready, Connection):
                self._answer(ready)
            else:
                self._accept(ready)

    def _accept(self, listener: socket.socket, *, beyond_most: bool = False) -> bool:
        """Whether somebody was there."""
        if not self._clients.admit(beyond_most=beyond_most):
            return False
        try:
            accepted, client = listener.accept()
        except _OF_NO_MATTER:  # another thread or process was faster, or the client has gone
            self._clients.withdraw()
            return False
        except OSError as error:
            self.log.error("a connection was not accepted: %s", error)
            self._clients.deafen()  # until the next tick, as it would be offered again at once
            self._clients.withdraw()
            return False
        trusted = isinstance(client, tuple) and self._trusts(client[0])
        environs = Environs(client, listener.getsockname(), trusted=trusted)
        self._clients.add(Connection(accepted, environs, largest_body=LARGEST_BODY))
        return True

    def _trusts(self, address: str) -> bool:
        """Whether it is a proxy's (--forwarded-allow-ips)."""
        networks = self.cfg.forwarded_allow_networks()
        return "*" in self.cfg.forwarded_allow_ips or any(ip_address(address) in one for one in networks)

    def _answer(self, connection: Connection) -> None:
        stays = False
        try:
            stays = connection.serve(self.wsgi, self._may_stay)
        except Gone:
            pass
        except Failed as failure:
            # The name alone: messages of databases and parsers quote what they were given.
            self.log.error("an answer failed: %s", type(failure.__cause__).__name__)
        except Exception as error:  # noqa: BLE001 - a thread that ended would be missed by nobody
            self.log.error("a connection failed: %s", type(error).__name__)
        if stays:
            self._clients.rest(connection)
        else:
            self._clients.drop(connection)

    def _may_stay(self) -> bool:
        """Whether a connection may be used again: not while stopping, nor when nearly too many rest."""
        return self.alive and len(self._clients) <= self.cfg.worker_connections - self.cfg.threads
