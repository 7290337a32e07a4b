from __future__ import annotations

from demo.site.assets import bridge_version, page_script


def test_the_pages_script_reaches_for_no_other_machine() -> None:
    script = page_script("https://localhost:9443").decode()
    assert 'var CDN_DOMAIN = "localhost:9443/connect";' in script
    assert 'CDN_DOMAIN = "connect-cdn' not in script


def test_the_pages_script_brings_what_only_jira_adds() -> None:
    script = page_script("https://localhost:9443").decode()
    assert "AP.request = host.request = request" in script


def test_the_version_of_the_bridge_is_its_packages() -> None:
    assert bridge_version().count(".") == 2
