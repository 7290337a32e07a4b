from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import falcon.testing
import pytest

from api.app import create_app
from api.services import Services, services_of
from core.database import Database
from core.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Answering, Site
from tests.integration.api.forgeries import Attack, Forger, sent
from tests.integration.api.honest_requests import HONEST, Things, one_of_everything
from tests.whole_database import assert_nothing_changed, dump

LIST = "/api/v1/reports"
API_ROUTES = [route for route in HONEST if route[1].startswith("/api/")]


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers["/rest/api/3/permissions/check"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Services]:
    """The other process's collaborators."""
    made = services_of(settings, Database(settings.database_url))
    yield made
    made.database.close()
    made.redis.close()


@pytest.fixture
def warm(site: Site, elsewhere: Services) -> tuple[Things, Callable[[], Site]]:
    """A site with one of everything; and the same as the other process meets it, which remembers it."""
    client = falcon.testing.TestClient(create_app(elsewhere))
    here = one_of_everything(site)

    def there() -> Site:
        return replace(site, client=client)

    assert there().call("GET", LIST).status_code == 200
    assert there().call("GET", "/api/v1/exports").status_code == 200
    assert elsewhere.tenants._recent.get(site.client_key) is not None
    return here, there


def close(site: Site, event: str) -> None:
    now = int(time.time()) + 1
    result = site.uninstall(iat=now) if event == "uninstalled" else site.callback(event)
    assert result.status_code == 204, result.text


@pytest.mark.parametrize("event", ["uninstalled", "disabled"])
@pytest.mark.parametrize("route", API_ROUTES, ids=" ".join)
def test_the_next_call_elsewhere_is_refused(
    route: tuple[str, str],
    event: str,
    warm: tuple[Things, Callable[[], Site]],
    jira: Answering,
    api_database: DatabaseUrls,
) -> None:
    things, there = warm
    honest = HONEST[route](things)
    token = Forger(honest, things.site, things.site).honest_token()
    call = Attack("late", [*honest.headers.items(), ("Authorization", f"JWT {token}")], body=honest.body)
    close(things.site, event)
    before, asked = dump(api_database), len(jira.asked)

    assert sent(there(), honest, call).status_code == 401
    assert sent(there(), honest, call).status_code == 401
    assert_nothing_changed(before, dump(api_database))
    assert len(jira.asked) == asked, "Jira was asked with a secret that is gone"


@pytest.mark.parametrize("event", ["enabled", "disabled"])
def test_callbacks_elsewhere_go_by_the_secret_of_now(
    warm: tuple[Things, Callable[[], Site]], event: str
) -> None:
    things, there = warm
    close(things.site, "uninstalled")

    assert there().callback(event).status_code == 401


def test_after_a_reinstallation_the_old_secret_is_refused_and_the_new_one_accepted_everywhere(
    warm: tuple[Things, Callable[[], Site]],
) -> None:
    things, there = warm
    old = replace(things.site), replace(there())
    things.site.secret = "the-secret-of-the-second-installation-here"
    assert things.site.install(iat=int(time.time()) + 1).status_code == 204

    assert there().call("GET", LIST).status_code == 200
    assert things.site.call("GET", LIST).status_code == 200
    for process in old:
        for path in (LIST, "/api/v1/me", "/api/v1/exports", f"{LIST}/{things.report}"):
            assert process.call("GET", path).status_code == 401
        assert process.callback("disabled").status_code == 401
    assert there().call("GET", LIST).status_code == 200


def test_an_app_that_was_enabled_again_is_open_elsewhere_at_once(
    warm: tuple[Things, Callable[[], Site]],
) -> None:
    things, there = warm
    close(things.site, "disabled")
    assert there().call("GET", LIST).status_code == 401

    assert things.site.callback("enabled").status_code == 204
    assert there().call("GET", LIST).status_code == 200


def test_calls_under_way_while_the_secret_changes_get_no_third_answer(
    warm: tuple[Things, Callable[[], Site]],
) -> None:
    things, there = warm
    old = replace(there())
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(lambda: old.call("GET", LIST).status_code) for _ in range(40)]
        things.site.secret = "the-secret-of-the-second-installation-here"
        assert things.site.install(iat=int(time.time()) + 1).status_code == 204
        answers = [call.result() for call in calls]

    assert set(answers) <= {200, 401}
    assert old.call("GET", LIST).status_code == 401
