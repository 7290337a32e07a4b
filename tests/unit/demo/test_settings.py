from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import SettingsError
from demo.settings import DemoSettings


@pytest.fixture
def needed(tmp_path: Path) -> dict[str, str]:
    for name in ("chain.pem", "key.pem"):
        (tmp_path / name).touch()
    return {"TLS_CERT_FILE": str(tmp_path / "chain.pem"), "TLS_KEY_FILE": str(tmp_path / "key.pem")}


def test_a_certificate_is_all_that_has_to_be_given(needed: dict[str, str]) -> None:
    settings = DemoSettings.from_environment(needed)
    assert settings.site_url == "https://localhost:9443"
    assert settings.base_url == "https://localhost:8443"
    assert (settings.demo_points, settings.demo_burst, settings.demo_latency_ms) == (65_000, 100, 0)
    assert settings.demo_faults.rates == ()
    assert settings.demo_issues is None


def test_every_problem_is_named_at_once(needed: dict[str, str]) -> None:
    wrong = {
        **needed,
        "TLS_KEY_FILE": "",
        "DEMO_PORT": "0",
        "DEMO_ISSUES": "/no/such/file",
        "DEMO_FAULTS": "429:often",
        "DEMO_BURST": "none",
        "BASE_URL": "http://reports.example.com",
    }
    with pytest.raises(SettingsError) as refusal:
        DemoSettings.from_environment(wrong)
    named = [problem.split(" ")[0] for problem in refusal.value.problems]
    assert sorted(named) == [
        "BASE_URL",
        "DEMO_BURST",
        "DEMO_FAULTS",
        "DEMO_ISSUES",
        "DEMO_PORT",
        "TLS_KEY_FILE",
    ]


def test_faults_latency_and_seed_are_read(needed: dict[str, str]) -> None:
    settings = DemoSettings.from_environment(
        {**needed, "DEMO_FAULTS": "429:0.05,drop:0.01", "DEMO_LATENCY_MS": "200", "DEMO_SEED": "7"}
    )
    assert str(settings.demo_faults) == "429:0.05,drop:0.01"
    assert (settings.demo_latency_ms, settings.demo_seed) == (200, 7)
