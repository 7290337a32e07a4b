"""A WSGI application that does whatever an application might; for gunicorn, in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]

FOLDER = Path(os.environ.get("ODD_FOLDER", "."))
LARGE = 16 * 1024 * 1024
PART = bytes(64 * 1024)


def app(environ: Environ, start: Start) -> Iterable[bytes]:
    """Answers by the path."""
    return PLACES.get(environ["PATH_INFO"], echo)(environ, start)


def echo(environ: Environ, start: Start) -> list[bytes]:
    body = environ["wsgi.input"].read()
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    data = json.dumps({**told, "body": body.decode("latin-1"), "pid": os.getpid()}).encode()
    start("200 OK", [("Content-Length", str(len(data)))])
    return [data[:5], data[5:]]


def slow(environ: Environ, start: Start) -> list[bytes]:
    (FOLDER / "began").touch()
    deadline, pause = time.monotonic() + 20, threading.Event()
    while not (FOLDER / "finish").exists() and time.monotonic() < deadline:
        pause.wait(0.01)
    return echo(environ, start)


def nothing(_environ: Environ, start: Start) -> list[bytes]:
    start("204 No Content", [])
    return []


def unknown_length(_environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [])
    yield b"some "
    yield b"thing"


def raising(_environ: Environ, _start: Start) -> list[bytes]:
    raise ValueError("PLANTED")


def raising_midway(_environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [("Content-Length", "1000")])
    yield b"begun"
    raise ValueError("PLANTED")


def too_little(_environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [("Content-Length", "1000")])
    yield b"begun"


def split(_environ: Environ, start: Start) -> list[bytes]:
    start("200 OK", [("X-Odd", "a\r\nX-Planted: b")])
    return [b"planted"]


class Large:
    """Many parts; leaves a file behind when it is closed."""

    def __iter__(self) -> Iterator[bytes]:
        (FOLDER / "began").touch()
        return (PART for _ in range(LARGE // len(PART)))

    def close(self) -> None:
        """As PEP 3333 has it."""
        (FOLDER / "closed").touch()


def large(_environ: Environ, start: Start) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", str(LARGE))])
    return Large()


def stuck(_environ: Environ, start: Start) -> list[bytes]:
    start("200 OK", [])
    re.match(r"(a|aa)+$", "a" * 60 + "b")  # lets no other thread run
    return []


PLACES: dict[str, Callable[[Environ, Start], Iterable[bytes]]] = {
    "/slow": slow,
    "/nothing": nothing,
    "/unknown-length": unknown_length,
    "/raising": raising,
    "/raising-midway": raising_midway,
    "/too-little": too_little,
    "/split": split,
    "/large": large,
    "/stuck": stuck,
}
