"""Which account the embedded servers run under, and what that account can reach."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

_NAME = "nobody"


class LocalError(Exception):
    """Something on this machine is in the way; the message says what, and what to do."""


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine; `uid` and `gid` are numeric ids."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """The account to switch to: none for an ordinary user, `nobody` for root, as PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError as error:
        raise LocalError(
            f'No account "{_NAME}" for the servers to run under; start as an ordinary user.'
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def own_folder(folder: Path, account: Account | None) -> Path:
    """Makes a folder that only its account can open (0700), however often it is called."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def can_run(account: Account | None, program: Path) -> bool:
    """Whether the account can pass all folders above a program, and run it."""
    if account is None:
        return os.access(program, os.X_OK)
    real = program.resolve()
    return all(_may_pass(account, part) for part in (real, *real.parents))


def _may_pass(account: Account, path: Path) -> bool:
    status = path.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


class Identity(TypedDict):
    """The arguments of `subprocess` that say whom a program runs as; None keeps ours."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def identity(account: Account | None) -> Identity:
    """Whom to run a program as: the account, without any other groups."""
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def own_file(file: Path, content: str, account: Account | None) -> None:
    """Writes a file that only its account can read (0600)."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    if account is not None:
        os.chown(file, account.uid, account.gid)
    file.write_text(content, encoding="utf-8")
