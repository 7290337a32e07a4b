"""An nginx under an ordinary account, rendered from the templates that containers use too."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cli.local.account import Account, own_file, own_folder
from cli.local.certificates import Certificates
from cli.local.part import Part, listens, path_for

SOURCES = Path(__file__).resolve().parents[2] / "nginx"
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


@dataclass(frozen=True, kw_only=True)
class Nginx:
    """A server in `folder`, which belongs to `account`; it serves `client` and passes on to `api_port`."""

    folder: Path
    program: Path
    account: Account | None
    certificates: Certificates
    client: Path
    base_url: str
    port: int
    api_port: int
    connect_hosts: tuple[str, ...]
    connect_js_url: str

    def prepare(self) -> None:
        """Writes the configuration and lays the client where the account can read it."""
        for name in ("", "temp", "conf.d", "logs", "html", "tls"):
            own_folder(self.folder / name, self.account)
        own_file(self.folder / "nginx.conf", (SOURCES / "nginx.conf").read_text(), self.account)
        for template in (SOURCES / "templates").glob("*.template"):
            content = render(template.read_text(), self.variables(path_for(self.folder, self.account)))
            own_file(self.folder / "conf.d" / template.stem, content, self.account)
        for file in (self.certificates.chain, self.certificates.key):
            own_file(self.folder / "tls" / file.name, file.read_text(), self.account)
        own_file(self.log, "", self.account)
        self._lay_out_client()

    @property
    def log(self) -> Path:
        """The log of requests since the last start."""
        return self.folder / "logs" / "access.log"

    def part(self) -> Part:
        """The server as a part to run."""
        place = path_for(self.folder, self.account)
        return Part(
            name="nginx",
            command=[str(self.program), "-p", f"{place}/", "-c", "nginx.conf", "-e", "stderr"],
            folder=self.folder,
            account=self.account,
            ready=lambda: listens(self.port),
        )

    def variables(self, place: str) -> dict[str, str]:
        """What the templates are rendered with, where nginx finds this folder at `place`."""
        return {
            "LISTEN": f"127.0.0.1:{self.port}",
            "SERVER_NAME": urlsplit(self.base_url).hostname or "localhost",
            "TLS_CERTIFICATE": f"{place}/tls/{self.certificates.chain.name}",
            "TLS_CERTIFICATE_KEY": f"{place}/tls/{self.certificates.key.name}",
            "API_UPSTREAM": f"127.0.0.1:{self.api_port}",
            "STATIC_ROOT": f"{place}/html",
            "ACCESS_LOG": f"{place}/logs/access.log",
            "CONNECT_JS_URL": self.connect_js_url,
            "CONNECT_JS_ORIGIN": origin(self.connect_js_url),
            "FRAME_ANCESTORS": " ".join(f"https://{host}" for host in self.connect_hosts),
        }

    def _lay_out_client(self) -> None:
        """A link shows a fresh build at once, but the unprivileged account may not be able to follow it."""
        pages = self.folder / "html" / "ui"
        if pages.is_symlink():
            pages.unlink()
        shutil.rmtree(pages, ignore_errors=True)
        if self.account is None:
            pages.symlink_to(self.client.resolve())
            return
        shutil.copytree(self.client, pages)
        for path in (pages, *pages.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def render(template: str, variables: Mapping[str, str]) -> str:
    """Puts values in the places of `${NAME}`, as envsubst does; raises KeyError for a name without value.

    nginx's own variables have small letters and stay.
    """
    return _VARIABLE.sub(lambda match: variables[match[1]], template)


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
