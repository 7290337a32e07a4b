from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest

from descriptor import connect

ROOT = Path(__file__).resolve().parents[3]
BASE_URL = "https://reports.example.com"
CACHEABLE = {"generalPages", "adminPages", "postInstallPage", "configurePage"}


@pytest.fixture
def descriptor() -> dict[str, Any]:
    return connect(BASE_URL, "com.example.reports")


@pytest.fixture
def schema(data_file: Callable[[str], Path]) -> dict[str, Any]:
    """Atlassian's own, with the opt-ins that are younger than it."""
    schema: dict[str, Any] = json.loads(data_file("CONNECT_SCHEMA").read_text())
    for definition in _objects(schema):
        properties = definition.get("properties", {})
        if isinstance(properties, dict) and "gdpr" in properties:
            properties |= {"signed-install": {"type": "boolean"}, "context-qsh": {"type": "boolean"}}
    return schema


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from _objects(child)


def _modules(descriptor: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (kind, module)
        for kind, value in descriptor["modules"].items()
        for module in (value if isinstance(value, list) else [value])
    ]


def test_it_is_valid_by_atlassians_schema(descriptor: dict[str, Any], schema: dict[str, Any]) -> None:
    jsonschema.Draft4Validator(schema).validate(descriptor)


def test_the_schema_would_refuse_a_wrong_one(descriptor: dict[str, Any], schema: dict[str, Any]) -> None:
    del descriptor["modules"]["jiraDashboardItems"][0]["thumbnailUrl"]
    with pytest.raises(jsonschema.ValidationError, match="thumbnailUrl"):
        jsonschema.Draft4Validator(schema).validate(descriptor)


def test_it_is_for_the_address_and_key_given(descriptor: dict[str, Any]) -> None:
    assert (descriptor["baseUrl"], descriptor["key"]) == (BASE_URL, "com.example.reports")
    assert descriptor["links"]["self"] == f"{BASE_URL}/atlassian-connect.json"


def test_it_asks_for_reading_alone(descriptor: dict[str, Any]) -> None:
    assert descriptor["scopes"] == ["READ"]


def test_it_asks_for_signed_callbacks_and_context_tokens(descriptor: dict[str, Any]) -> None:
    assert descriptor["apiMigrations"] == {"signed-install": True, "context-qsh": True, "gdpr": True}
    assert descriptor["lifecycle"] == {
        "installed": "/connect/installed",
        "uninstalled": "/connect/uninstalled",
        "enabled": "/connect/enabled",
        "disabled": "/connect/disabled",
    }


def test_cacheable_pages_have_no_context_in_their_address(descriptor: dict[str, Any]) -> None:
    for kind, module in _modules(descriptor):
        assert module.get("cacheable", False) == (kind in CACHEABLE), module["key"]
        assert not (module.get("cacheable") and "{" in module["url"]), module["key"]


def test_keys_are_unique(descriptor: dict[str, Any]) -> None:
    keys = [module["key"] for _, module in _modules(descriptor)]
    assert len(set(keys)) == len(keys)


def test_every_page_icon_and_thumbnail_is_part_of_the_client(descriptor: dict[str, Any]) -> None:
    client = ROOT / "static-client"
    for _, module in _modules(descriptor):
        addresses = [module["url"], module.get("iconUrl"), module.get("thumbnailUrl")]
        addresses.append(module.get("icon", {}).get("url"))
        for address in filter(None, addresses):
            name = urlsplit(address).path.removeprefix("/ui/")
            assert (client / name).exists() or (client / "public" / name).exists(), address


def test_admin_pages_are_shown_to_admins(descriptor: dict[str, Any]) -> None:
    for kind in ("adminPages", "configurePage"):
        value = descriptor["modules"][kind]
        module = value[0] if isinstance(value, list) else value
        assert {"condition": "user_is_admin"} in module["conditions"]
