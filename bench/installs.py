"""A thousand sites that install the app in the same moment, over real HTTP, with all servers on two cores.

Two processes of the API with eight threads each, as `sightline serve` runs them, and a durable PostgreSQL.
Signatures are made before; what counts is how long the last site waits, as Jira gives up after ten seconds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from bench.api.servers import running_servers
from bench.result import Result
from core.setting_types import new_secret_key
from core.settings import Settings
from tests.integration.api.connect_site import BASE_URL, KEY, answering, pem_of
from tests.integration.api.many_sites import INSTALLED, Tenant, all_at_once, post
from tests.integration.api.real_server import real_server

SITES = 1_000
MOST_SECONDS = 10.0


@dataclass(frozen=True)
class Answered:
    """How one installation was answered, and after how many seconds."""

    status: int
    seconds: float


def measure() -> list[Result]:
    """Seconds until the last site is installed, and how many were."""
    with running_servers() as servers, answering() as key_server:
        key_server.answers["/the-key"] = (200, pem_of(KEY))
        settings = Settings.from_environment(
            {
                "BASE_URL": BASE_URL,
                "DATABASE_URL": servers.database("installs").api,
                "REDIS_URL": servers.redis_url,
                "SECRET_KEYS": new_secret_key(),
                "INSTALL_KEYS_URL": key_server.url,
            }
        )
        with real_server(settings, servers.folder) as port:
            return _results(_installed(port))


def _installed(port: int) -> list[Answered]:
    now = int(time.time())
    sites = [Tenant(f"site-{number}", f"https://site-{number}.atlassian.net") for number in range(SITES)]

    def install(installation: tuple[str, object]) -> Answered:
        began = time.monotonic()
        status = post(port, INSTALLED, *installation)
        return Answered(status, time.monotonic() - began)

    return all_at_once(install, [site.installation(signed_at=now) for site in sites])


def _results(answers: list[Answered]) -> list[Result]:
    slowest = max(answer.seconds for answer in answers)
    done = sum(answer.status == 204 for answer in answers)  # noqa: PLR2004 - No Content
    name = f"{SITES:,} sites install at once"
    return [
        Result(
            name=f"{name}: the last one is answered",
            value=round(slowest, 2),
            unit="s",
            bound=f"at most {MOST_SECONDS:g} s, as Jira waits no longer",
            met=slowest <= MOST_SECONDS,
        ),
        Result(name=f"{name}: installed", value=done, unit="sites", bound="all", met=done == SITES),
    ]
