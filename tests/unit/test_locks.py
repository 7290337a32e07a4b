from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?", re.IGNORECASE)
_PINNED = re.compile(r"^([a-z0-9._-]+)==[^ ]+", re.MULTILINE)


def canonical(requirement: str) -> str:
    match = _NAME.match(requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[1]).lower()


def wanted(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    return {canonical(requirement) for group in groups for requirement in group}


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.txt", ["local", "demo"]), ("requirements-dev.txt", ["local", "demo", "dev"])],
)
def test_every_python_dependency_is_locked(lock: str, extras: list[str]) -> None:
    pinned = {canonical(name) for name in _PINNED.findall((ROOT / lock).read_text())}
    assert wanted(*extras) <= pinned, "run: make lock"


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_pinned_package_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block.split("\n")[0])


@pytest.mark.parametrize("folder", ["static-client", "demo", "bench", "bench/api/peer"])
def test_the_client_locks_match_what_is_wanted(folder: str) -> None:
    package = json.loads((ROOT / folder / "package.json").read_text())
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert lock.get(kind, {}) == package.get(kind, {}), f"run: npm install in {folder}"


@pytest.mark.parametrize(
    "lock",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "static-client/package-lock.json",
        "demo/package-lock.json",
        "bench/package-lock.json",
        "bench/api/peer/package-lock.json",
    ],
)
def test_no_lock_names_an_address_to_load_from(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert '"resolved"' not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
