"""Gunicorn's threaded worker, which loses no connection when it is told to stop."""

from gunicorn.sock import BaseSocket
from gunicorn.workers.gthread import ThreadWorker


class GracefulWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Takes what has connected before the stop, and closes its door at once.

    Gunicorn's own worker leaves its listening sockets open until all it has accepted is answered, and whoever
    connects meanwhile waits for that, to be cut off. So the last worker that closes turns newcomers away, and
    after a reload the new workers have them.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        """Also called while too many are connected, which ends nothing."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                self._accept_rest(listener)
                listener.close()

    def _accept_rest(self, listener: BaseSocket) -> None:
        connections = -1
        while connections < self.nr_conns:
            connections = self.nr_conns
            self.accept(listener)
