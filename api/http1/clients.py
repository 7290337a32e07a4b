"""The connections of a process, and who has which.

1. All threads wait at one epoll descriptor, for one event each.
2. A connection is armed for one event (EPOLLONESHOT): one thread gets it, answers what has come, and arms it
   again. So a client that says nothing, or says it slowly, holds no thread.
3. Whoever takes a connection out of `_waiting` has it alone: the thread that got its event, or the one that
   closes connections whose time is over. An event of a connection that is not there is of one just closed.
4. Listening sockets wake one of the threads that wait (EPOLLEXCLUSIVE), of all processes. They are not waited
   at while there are too many connections, nor after one could not be accepted, until the next `listen`.
"""

import os
import select
import socket
import threading
from collections.abc import Sequence

from api.http1.connection import Connection

_ARMED = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT


class Clients:
    """At most `most` connections, each idle for at most `keepalive` seconds."""

    def __init__(self, listeners: Sequence[socket.socket], *, most: int, keepalive: float) -> None:
        self._listeners = {listener.fileno(): listener for listener in listeners}
        self._most = most
        self._keepalive = keepalive
        self._epoll = select.epoll()
        self._bell = os.eventfd(0)
        self._epoll.register(self._bell, select.EPOLLIN)
        self._lock = threading.Lock()
        self._waiting: dict[int, tuple[Connection, float]] = {}
        self._number = 0
        self._listening = False

    def __len__(self) -> int:
        return self._number

    def next(self) -> Connection | socket.socket | None:
        """A connection that something has come on, or a listener; None after `dismiss`. Waits for it."""
        while True:
            [(number, _)] = self._epoll.poll(-1, 1)
            if number == self._bell:
                return None
            listener = self._listeners.get(number)
            if listener is not None:
                return listener
            with self._lock:
                entry = self._waiting.pop(number, None)
            if entry is not None:
                return entry[0]

    def admit(self, *, beyond_most: bool = False) -> bool:
        """Whether there is a place for one more, which is taken: several threads may be about to accept."""
        with self._lock:
            admitted = beyond_most or self._number < self._most
            self._number += admitted
            if self._number >= self._most:
                self._deafen()
        return admitted

    def withdraw(self) -> None:
        """Gives back the place of one that did not come."""
        with self._lock:
            self._number -= 1

    def add(self, connection: Connection) -> None:
        """A new one that was admitted, to wait."""
        with self._lock:
            self._waiting[connection.number] = (connection, connection.rests_until(self._keepalive))
            self._epoll.register(connection.number, _ARMED)

    def rest(self, connection: Connection) -> None:
        """One that was taken waits again."""
        with self._lock:
            self._waiting[connection.number] = (connection, connection.rests_until(self._keepalive))
        self._epoll.modify(connection.number, _ARMED)

    def drop(self, connection: Connection) -> None:
        """Closes one that was taken."""
        connection.close()
        with self._lock:
            self._number -= 1

    def drop_resting(self, moment: float, *, idle: bool = False) -> None:
        """Closes those whose time is over at a moment (monotonic), and, if so wanted, all idle ones."""
        with self._lock:
            over = [
                n for n, (one, until) in self._waiting.items() if until <= moment or (idle and one.is_idle)
            ]
            taken = [self._waiting.pop(number)[0] for number in over]
        for connection in taken:
            self.drop(connection)

    def listen(self) -> None:
        """Waits for new ones, unless there are too many."""
        with self._lock:
            if self._listening or self._number >= self._most:
                return
            for number in self._listeners:
                self._epoll.register(number, select.EPOLLIN | select.EPOLLEXCLUSIVE)
            self._listening = True

    def deafen(self) -> None:
        """Waits for no new ones."""
        with self._lock:
            self._deafen()

    def dismiss(self) -> None:
        """Ends everybody's waiting."""
        os.eventfd_write(self._bell, 1)

    def _deafen(self) -> None:
        if self._listening:
            for number in self._listeners:
                self._epoll.unregister(number)
        self._listening = False
