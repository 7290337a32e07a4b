"""Serves the site over TLS on loopback: one process, many threads, as its state lives in memory."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config

from demo.app import Demo
from demo.settings import DemoSettings

# Browsers hold up to six connections open each and may keep a thread waiting on some of them.
THREADS = 64
KEEPALIVE_SECONDS = 75


class DemoServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn without its command line. `build` runs in the worker process, after the fork."""

    def __init__(self, settings: DemoSettings, build: Callable[[], Demo]) -> None:
        self._settings = settings
        self._build = build
        super().__init__()

    def load_config(self) -> None:
        """Settings of gunicorn."""
        values = {
            "bind": [f"127.0.0.1:{self._settings.demo_port}"],
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": KEEPALIVE_SECONDS,
            # A worker that reads a large file of issues answers nothing for a while.
            "timeout": 180,
            "graceful_timeout": 2,
            "certfile": str(self._settings.tls_cert_file),
            "keyfile": str(self._settings.tls_key_file),
            "ssl_context": _shared_context,
            "loglevel": self._settings.log_level.lower(),
            "proc_name": "sightline-demo",
            "control_socket_disable": True,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Demo:
        """The application; its set-up begins as it is loaded."""
        demo = self._build()
        demo.setup.start()
        return demo


def _shared_context(config: Config, _default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    # gunicorn asks for one at every connection; a shared one reads the files once and resumes sessions.
    return _load(config.certfile, config.keyfile)


@cache
def _load(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context
