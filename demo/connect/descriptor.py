"""An app's descriptor, `/atlassian-connect.json`, as far as Jira acts on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.connect.calls import Json

KNOWN_SCOPES = {
    "READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN", "ACT_AS_USER", "ACCESS_EMAIL_ADDRESSES", "NONE",
}  # fmt: skip
# Module kinds that the stand-in shows; `cacheable` exists for the first four only.
CACHEABLE_KINDS = {"generalPages", "adminPages", "configurePage", "postInstallPage"}
PAGE_KINDS = CACHEABLE_KINDS | {"jiraProjectPages", "jiraReports", "jiraDashboardItems"}
_NEEDS_DESCRIPTION = {"jiraReports", "jiraDashboardItems"}


class DescriptorRefused(Exception):
    """A descriptor that Jira would not install; `problems` lists all that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The app's descriptor is refused: " + "; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Module:
    """One page of the app. `url` is a template below the base URL; weights order menus."""

    kind: str
    key: str
    name: str
    url: str
    description: str = ""
    location: str = ""
    weight: int = 100
    cacheable: bool = False
    configurable: bool = False
    conditions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Descriptor:
    """What the site keeps of an installed app."""

    key: str
    name: str
    base_url: str
    vendor: str
    licensed: bool
    scopes: frozenset[str]
    lifecycle: Mapping[str, str]
    modules: tuple[Module, ...] = field(default=())

    def module(self, key: str) -> Module | None:
        """The module of a key."""
        return next((module for module in self.modules if module.key == key), None)

    def of_kind(self, kind: str) -> list[Module]:
        """The modules of a kind, by weight."""
        return sorted((module for module in self.modules if module.kind == kind), key=lambda m: m.weight)


def read_descriptor(raw: Json, *, base_url: str) -> Descriptor:
    """Checks a descriptor that was fetched from below `base_url`. Raises DescriptorRefused."""
    if not isinstance(raw, dict):
        raise DescriptorRefused(["it is not a JSON object"])
    problems = [*_problems(raw, base_url), *_module_problems(raw.get("modules", {}))]
    if problems:
        raise DescriptorRefused(problems)
    return Descriptor(
        key=raw["key"],
        name=str(raw.get("name", raw["key"])),
        base_url=raw["baseUrl"].rstrip("/"),
        vendor=raw.get("vendor", {}).get("name", ""),
        licensed=raw.get("enableLicensing", False),
        scopes=frozenset(scope.upper() for scope in raw.get("scopes", [])),
        lifecycle=raw["lifecycle"],
        modules=tuple(_module(kind, entry) for kind, entry in _entries(raw.get("modules", {}))),
    )


def _problems(raw: Mapping[str, Any], base_url: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-zA-Z0-9._-]{1,64}", str(raw.get("key", ""))):
        yield "`key` is missing or has characters that are not allowed"
    if str(raw.get("baseUrl", "")).rstrip("/") != base_url.rstrip("/"):
        yield f"`baseUrl` must be {base_url}, where the descriptor was found"
    if raw.get("authentication") != {"type": "jwt"}:
        yield "`authentication` must be of type jwt"
    lifecycle = raw.get("lifecycle")
    if not isinstance(lifecycle, dict) or not str(lifecycle.get("installed", "")).startswith("/"):
        yield "`lifecycle.installed` must be a path: an app with jwt authentication needs its secret"
    scopes = {str(scope).upper() for scope in raw.get("scopes", [])}
    if unknown := sorted(scopes - KNOWN_SCOPES):
        yield f"`scopes` names unknown ones: {', '.join(unknown)}"
    if raw.get("apiMigrations", {}).get("signed-install") is not True:
        yield "`apiMigrations.signed-install` must be true"


def _entries(modules: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in PAGE_KINDS & set(modules):
        value = modules[kind]
        for entry in value if isinstance(value, list) else [value]:
            yield kind, entry


def _module_problems(modules: Json) -> Iterator[str]:
    if not isinstance(modules, dict):
        yield "`modules` must be an object"
        return
    keys: set[str] = set()
    for kind, entry in _entries(modules):
        label = f"{kind} {entry.get('key', '?')}"
        for name in ("key", "name", "url", *(["description"] if kind in _NEEDS_DESCRIPTION else [])):
            if not entry.get(name):
                yield f"{label} has no `{name}`"
        if entry.get("cacheable") and kind not in CACHEABLE_KINDS:
            yield f"{label} cannot be cacheable"
        if entry.get("cacheable") and "{" in entry.get("url", ""):
            yield f"{label} is cacheable and therefore gets no context variables in its `url`"
        if kind == "jiraDashboardItems" and not entry.get("thumbnailUrl"):
            yield f"{label} has no `thumbnailUrl`"
        if entry.get("key") in keys:
            yield f"{label} shares its key with another module"
        keys.add(entry.get("key", ""))


def _module(kind: str, entry: Mapping[str, Any]) -> Module:
    return Module(
        kind=kind,
        key=entry["key"],
        name=entry["name"]["value"],
        url=entry["url"],
        description=entry.get("description", {}).get("value", ""),
        location=entry.get("location", ""),
        weight=entry.get("weight", 100),
        cacheable=entry.get("cacheable", False),
        configurable=entry.get("configurable", False),
        conditions=tuple(entry.get("conditions", [])),
    )
