from __future__ import annotations

from cli.local.run import defaults
from core.settings import Settings


def test_the_product_alone_trusts_jira() -> None:
    settings = Settings.from_environment(defaults({}, demo=False))
    assert settings.base_url == "https://localhost:8443"
    assert settings.connect_hosts == ("*.atlassian.net", "*.jira.com")


def test_addresses_follow_from_the_ports() -> None:
    settings = Settings.from_environment(defaults({"PORT": "8001", "DEMO_PORT": "9001"}, demo=True))
    assert settings.base_url == "https://localhost:8001"
    assert settings.install_keys_url == "https://localhost:9001/install-keys"
    assert settings.connect_js_url == "https://localhost:9001/all.js"
    assert settings.connect_hosts == ("localhost:9001",)


def test_what_is_given_is_kept() -> None:
    given = {"BASE_URL": "https://sightline.localhost:8443", "CONNECT_HOSTS": "jira.localhost"}
    settings = Settings.from_environment(defaults(given, demo=True))
    assert (settings.base_url, settings.connect_hosts) == (given["BASE_URL"], ("jira.localhost",))
