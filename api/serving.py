"""Gunicorn's configuration: `gunicorn --config=python:api.serving "api.app:get_app()"`.

SIGHUP starts new workers with the code as it is now; the old ones finish what they have accepted, as all do
on SIGTERM. nginx's limits come first (docs/limits.md): what is said here of lengths and numbers is not less
than what nginx lets through, so that it is nginx that refuses, with a problem and a time to come back.

Where METRICS_PORT is set, the master answers there with what all its workers counted: each worker writes its
numbers to files below STATE_DIR, as a request may meet any of them. The files begin anew with the master and
outlive a worker, so that a counter never falls while the service runs. Nothing of it passes nginx.
"""

import os
import select
import shutil

from core.settings import Settings

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# Where there is no epoll, as on macOS, gunicorn's own.
worker_class = "api.http1.worker.ThreadsWorker" if hasattr(select, "epoll") else "gthread"
workers = 2
threads = 8  # as many as each worker has connections to the database
worker_connections = 256
keepalive = 75
# Nearly as long as nginx waits for an answer; who stops us waits a little longer still.
graceful_timeout = 18
limit_request_line = 0  # of gunicorn's own worker, as the next; ours: api/http1
limit_request_field_size = 32_768
control_socket_disable = True  # it would lie in the user's home

_settings = Settings.from_environment(os.environ)


def on_starting(_server: object) -> None:
    """Before anything else, as the library looks for the folder once, when it is first imported."""
    if _settings.metrics_port is None:
        os.environ.pop(_FOLDER, None)
        return
    folder = (_settings.state_dir / "metrics" / "api").absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ[_FOLDER] = str(folder)


def when_ready(_server: object) -> None:
    """Begins to answer on METRICS_PORT."""
    if _settings.metrics_port is None:
        return
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 - see on_starting
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - as above

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    address = "127.0.0.1" if _settings.is_local else "0.0.0.0"  # noqa: S104 - for the collector of its network
    start_http_server(_settings.metrics_port, address, registry)
