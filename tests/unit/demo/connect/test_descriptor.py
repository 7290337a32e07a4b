from __future__ import annotations

import copy
from typing import Any

import pytest

from demo.connect.descriptor import DescriptorRefused, read_descriptor
from descriptor.connect import connect

URL = "https://localhost:8443"
GOOD = connect(URL, "com.sightline.reports")


def test_the_products_own_descriptor_is_accepted() -> None:
    read = read_descriptor(GOOD, base_url=URL)
    assert (read.key, read.base_url, set(read.scopes)) == ("com.sightline.reports", URL, {"READ"})
    assert {module.kind for module in read.modules} >= {
        "generalPages",
        "jiraDashboardItems",
        "postInstallPage",
    }


def _with(path: list[str | int], value: object) -> dict[str, Any]:
    changed = copy.deepcopy(GOOD)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (["key"], "no spaces", "`key`"),
        (["baseUrl"], "https://elsewhere.example", "`baseUrl` must be"),
        (["authentication"], {"type": "none"}, "`authentication`"),
        (["lifecycle"], {}, "`lifecycle.installed`"),
        (["scopes"], ["READ", "EVERYTHING"], "EVERYTHING"),
        (["apiMigrations"], {"gdpr": True}, "signed-install"),
        (["modules", "generalPages", 0, "name"], None, "no `name`"),
        (["modules", "generalPages", 0, "url"], "/x?p={project.key}", "no context variables"),
        (["modules", "jiraProjectPages", 0, "cacheable"], True, "cannot be cacheable"),
        (["modules", "jiraDashboardItems", 0, "thumbnailUrl"], "", "`thumbnailUrl`"),
        (["modules", "jiraReports", 0, "description"], None, "no `description`"),
        (["modules", "generalPages", 0, "key"], "get-started", "shares its key"),
    ],
)
def test_a_descriptor_that_jira_would_refuse_is_refused(
    path: list[str | int], value: object, complaint: str
) -> None:
    with pytest.raises(DescriptorRefused) as refusal:
        read_descriptor(_with(path, value), base_url=URL)
    assert any(complaint in problem for problem in refusal.value.problems)


@pytest.mark.parametrize("raw", [None, [], "text", 7])
def test_what_is_no_object_is_refused(raw: object) -> None:
    with pytest.raises(DescriptorRefused):
        read_descriptor(raw, base_url=URL)


def test_modules_are_found_by_key_and_ordered_by_weight() -> None:
    heavy = _with(["modules", "generalPages", 0, "weight"], 300)
    heavy["modules"]["generalPages"].append(
        {"key": "light", "name": {"value": "L"}, "url": "/l", "weight": 1}
    )
    read = read_descriptor(heavy, base_url=URL)
    assert next(module.key for module in read.of_kind("generalPages")) == "light"
    assert read.module("light") is not None
    assert read.module("absent") is None
