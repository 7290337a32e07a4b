"""What the stand-in site reads from the environment, checked before it starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import setting_types as read
from core.settings import SettingsError
from demo.gateway.bursts import BASE as BURST_A_SECOND
from demo.gateway.faults import FaultRates, fault_rates
from demo.gateway.points import POINTS_AN_HOUR


@dataclass(frozen=True, kw_only=True)
class DemoSettings:
    """Settings of the stand-in site; `DEMO_PORT` is `demo_port` and so on."""

    demo_port: int
    base_url: str
    app_key: str
    state_dir: Path
    tls_cert_file: Path
    tls_key_file: Path
    ca_file: Path | None
    demo_issues: Path | None
    demo_latency_ms: int
    demo_faults: FaultRates
    demo_points: int
    demo_burst: int
    demo_seed: int
    log_level: str

    @property
    def site_url(self) -> str:
        """The stand-in's own origin. It shares the product's host name: one certificate serves both."""
        return f"https://localhost:{self.demo_port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> DemoSettings:
        """Reads every setting. Raises SettingsError with all problems found."""
        problems: list[str] = []
        values: dict[str, Any] = {}
        for name, (reader, default) in _SETTINGS.items():
            try:
                text = environment.get(name.upper(), "").strip() or default
                values[name] = _read(reader, text)
            except ValueError as error:
                problems.append(f"{name.upper()} {error}")
        if problems:
            raise SettingsError(problems)
        return cls(**values)


def _read(reader: Callable[[str], Any], text: str | None) -> object:
    if text is None:
        return None
    if text == "":
        raise ValueError("must be set")
    return reader(text)


def _burst(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or int(text) < 1:
        raise ValueError("must be the number of calls a second that one endpoint takes, e.g. 100")
    return int(text)


_REQUIRED = ""
_NONE = None
_SETTINGS: dict[str, tuple[Callable[[str], Any], str | None]] = {
    "demo_port": (read.port, "9443"),
    "base_url": (read.secure_url, "https://localhost:8443"),
    "app_key": (read.app_key, "com.sightline.reports"),
    "state_dir": (read.path, ".run"),
    "tls_cert_file": (read.existing_file, _REQUIRED),
    "tls_key_file": (read.existing_file, _REQUIRED),
    "ca_file": (read.existing_file, _NONE),
    "demo_issues": (read.existing_file, _NONE),
    "demo_latency_ms": (read.whole_number(0, 60_000), "0"),
    "demo_faults": (fault_rates, "none"),
    "demo_points": (read.whole_number(1, 100_000_000), str(POINTS_AN_HOUR)),
    "demo_burst": (_burst, str(BURST_A_SECOND)),
    "demo_seed": (read.whole_number(0, 999_999_999), "1"),
    "log_level": (read.one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
}
