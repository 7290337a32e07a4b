from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from core.settings import Settings
from tests.databases import DatabaseUrls
from tests.imports import (
    AT,
    checked,
    imported,
    packed,
    report,
    uuid,
    whole,
)
from tests.integration.api.connect_site import Answering, Site
from tests.workers import Workplace, workplace

CHECK = "/rest/api/3/permissions/check"
FIELDS = "/rest/api/3/field"
USERS = "/rest/api/3/user/bulk"


@pytest.fixture
def api_database(database: DatabaseUrls) -> DatabaseUrls:
    """A database of each test's own: workers look for the tasks of all sites."""
    return database


@pytest.fixture
def place(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Workplace:
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    return workplace(database, redis_url, tmp_path)


@pytest.fixture
def settings(settings: Settings, place: Workplace) -> Settings:
    return replace(settings, state_dir=place.settings.state_dir, secret_keys=place.settings.secret_keys)


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers[CHECK] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


def file_of(site: Site, **lists: Any) -> bytes:
    return packed(whole(base_url=site.base_url, **lists))


def test_a_check_says_what_would_happen_and_changes_nothing(site: Site, place: Workplace) -> None:
    found = checked(site, place, file_of(site))

    assert found["problems"] == []
    assert (found["site"], found["exported_at"]) == (site.base_url, AT)
    assert found["adds"] == {
        "reports": 1, "deleted_reports": 0, "versions": 2, "stars": 1, "gadgets": 1, "settings": 1,
    }  # fmt: skip
    assert found["leaves_out"] == {"stars": 0, "gadgets": 0, "settings": 0, "projects": 0}
    assert site.names() == []


def test_an_import_brings_what_the_file_holds(site: Site, place: Workplace) -> None:
    shown = imported(site, place, file_of(site))

    assert (shown["state"], shown["step"], shown["error"]) == ("done", "apply", None)
    assert shown["applied"]["reports"] == 1
    (found,) = site.call("GET", "/api/v1/reports").json["items"]
    made = site.call("GET", f"/api/v1/reports/{found['id']}").json
    assert made["id"] != uuid(1)
    for name, value in report().items():
        if name not in {"id", "definition_version", "deleted_at"}:
            assert made[name] == value, name
    versions = site.call("GET", f"/api/v1/reports/{found['id']}/versions").json["items"]
    assert [(one["version"], one["imported"]) for one in versions] == [(3, True), (1, True)]
    assert site.call("GET", "/api/v1/gadgets/10000/10010").json["report"] == found["id"]
    assert site.call("GET", "/api/v1/settings").json["contact_addresses"] == ["privacy@example.com"]
    assert list(place.store.files("imports")) == []
