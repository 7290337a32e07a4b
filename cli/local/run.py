"""`sightline serve` and `sightline run`: the whole product on this machine, without containers."""

import os
import shlex
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from cli.local.account import LocalError, own_file, server_account
from cli.local.certificates import Certificates, certificates
from cli.local.nginx import Nginx
from cli.local.part import Part, free_port
from cli.local.product import ROOT, Product, answers_at
from cli.local.programs import Programs
from cli.local.servers import choose_servers
from cli.local.state import State
from cli.local.supervisor import Interrupted, Supervisor, say
from core.setting_types import new_secret_key
from core.setting_types import port as read_port
from core.settings import Settings, SettingsError

CLIENT = ROOT / "static-client" / "dist"
LOG = "run.log"
OPERATOR = "operator.env"


def run(*, demo: bool, environment: Mapping[str, str] | None = None) -> int:
    """Runs the product until a signal comes, with the stand-in Jira if `demo`; returns the exit status.

    Raises LocalError or SettingsError where something is in the way.
    """
    begun = time.monotonic()
    given = dict(os.environ if environment is None else environment)
    state = State(Path(given.get("STATE_DIR") or ".run"))
    wanted = Settings.from_environment(defaults(given, demo=demo))
    _check_client()
    with state.held():
        for name in state.end_leftovers():
            say(f"Ended {name}, which an earlier run had left behind.")
        _check_port(wanted.port, "PORT")
        if demo:
            _check_port(demo_port(given), "DEMO_PORT")
        with suppress(Interrupted):
            _run(state, given, wanted, demo=demo, begun=begun)
    say("Stopped.")
    return 0


def defaults(given: Mapping[str, str], *, demo: bool) -> dict[str, str]:
    """The settings of a local product: what is given, else what follows from the ports."""
    values = dict(given)
    values.setdefault("BASE_URL", f"https://localhost:{values.setdefault('PORT', '8443')}")
    if demo:
        port = values.setdefault("DEMO_PORT", str(demo_port(given)))
        site = f"https://localhost:{port}"
        values.setdefault("INSTALL_KEYS_URL", f"{site}/install-keys")
        values.setdefault("CONNECT_HOSTS", f"localhost:{port}")
        values.setdefault("CONNECT_JS_URL", f"{site}/all.js")
    return values


def demo_port(given: Mapping[str, str]) -> int:
    """The stand-in Jira's port. Raises SettingsError; its other settings the stand-in checks itself."""
    try:
        return read_port(given.get("DEMO_PORT") or "9443")
    except ValueError as error:
        raise SettingsError([f"DEMO_PORT {error}"]) from error


def _run(state: State, given: Mapping[str, str], wanted: Settings, *, demo: bool, begun: float) -> None:
    account = server_account()
    with ExitStack() as stack:
        programs = stack.enter_context(Programs(account))
        servers = choose_servers(state, programs, account, given)
        tls = certificates(state.folder / "tls", urlsplit(wanted.base_url).hostname or "localhost")
        api_port = free_port()
        nginx = Nginx(
            folder=state.folder / "nginx",
            program=programs.nginx(),
            account=account,
            certificates=tls,
            client=CLIENT,
            base_url=wanted.base_url,
            port=wanted.port,
            api_port=api_port,
            connect_hosts=wanted.connect_hosts,
            connect_js_url=wanted.connect_js_url,
        )
        nginx.prepare()
        log = stack.enter_context(_log(state)) if demo else None
        supervisor = stack.enter_context(Supervisor(lambda parts: state.record(parts, programs.copies), log))
        say("Starting PostgreSQL and Redis …")
        supervisor.start(*servers.parts())
        urls = servers.provision(state)
        told = _told(state, defaults(given, demo=demo), tls, servers.redis_url)
        backups = _backups(state, given, urls)
        _tell_operator(state, servers.owner_url, told, backups)
        product = Product(told, api_port)
        worker = product.worker(urls["worker"], backups)
        parts = [product.api(urls["api"]), worker, _end_to_end(nginx, tls)]
        page = wanted.base_url
        if demo:
            parts.append(product.demo(demo_port(given), tls.authority))
            page = f"https://localhost:{demo_port(given)}/"
        say(f"Starting {', '.join(part.name for part in parts)} …")
        supervisor.start(*parts)
        say(f"Started in {time.monotonic() - begun:.1f} s. Ctrl-C stops everything.")
        say(f"The certificate is for development; to be spared warnings, trust {tls.authority}")
        if demo:
            say(f"What the parts say is in {state.folder / LOG}")
        say(f"Ready: {page}")
        supervisor.wait()


@contextmanager
def _log(state: State) -> Iterator[Callable[[str], None]]:
    """Takes lines into a file of this run, so that a person's terminal keeps the address in sight."""
    with (state.folder / LOG).open("w", encoding="utf-8", buffering=1) as file:
        yield lambda line: print(line, file=file)


def _told(state: State, values: Mapping[str, str], tls: Certificates, redis_url: str) -> dict[str, str]:
    """What the product's processes and the stand-in Jira are told, secrets of this folder included."""
    store = state.folder / "store"
    store.mkdir(mode=0o700, exist_ok=True)
    own = {
        "STATE_DIR": str(state.folder),
        "REDIS_URL": redis_url,
        "TLS_CERT_FILE": str(tls.chain),
        "TLS_KEY_FILE": str(tls.key),
    }
    known = {
        "CA_FILE": str(tls.authority),
        "STORE_URL": f"file://{store}",
        "SECRET_KEYS": state.secret("secret_keys", lambda: new_secret_key(development=True)),
        "APP_KEY": "com.sightline.reports",
    }
    if values.get("SECRET_KEYS_FILE"):
        del known["SECRET_KEYS"]
    return known | dict(values) | own


def _backups(state: State, given: Mapping[str, str], urls: Mapping[str, str]) -> dict[str, str]:
    """What the worker needs for backups and restore drills, with keys of this folder where none are given."""
    keys = {name: given[name] for name in ("BACKUP_KEYS", "BACKUP_KEYS_FILE") if given.get(name)}
    if not keys:
        keys["BACKUP_KEYS"] = state.secret("backup_keys", lambda: new_secret_key(development=True))
    places = {"BACKUP_DATABASE_URL": urls["backup"], "DRILL_DATABASE_URL": urls.get("drill", "")}
    return {**keys, **places}


def _tell_operator(state: State, owner_url: str, told: Mapping[str, str], backups: Mapping[str, str]) -> None:
    """Writes the settings with which the operator's command finds this product; for its owner's eyes only."""
    shared = ("BASE_URL", "STATE_DIR", "STORE_URL", "SECRET_KEYS", "SECRET_KEYS_FILE")
    settings = {name: told[name] for name in shared if told.get(name)}
    settings |= {"OWNER_DATABASE_URL": owner_url, **backups}
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in settings.items() if value]
    own_file(state.folder / OPERATOR, "".join(lines), None)


def _end_to_end(nginx: Nginx, tls: Certificates) -> Part:
    """nginx as a part that is ready when the API answers through it."""
    part = nginx.part()
    return Part(**{**vars(part), "ready": answers_at(nginx.port, "/readyz", tls.authority)})


def _check_client() -> None:
    if not (CLIENT / "index.html").exists():
        raise LocalError(f"The client is not built ({CLIENT} is missing); run: make setup")


def _check_port(port: int, setting: str) -> None:
    """Raises LocalError where a port is taken or not ours to take, naming the setting that moves it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Free it, or choose another one, for example: {setting}={port + 100}"
            ) from error
