"""`python -m demo`: the stand-in Jira Cloud site."""

from __future__ import annotations

import logging
import os
import sys

from gunicorn.errors import AppImportError

from core.settings import SettingsError
from demo.app import Demo, create_app
from demo.issues import BadIssues, open_site
from demo.jql.search import warm
from demo.server import DemoServer
from demo.settings import DemoSettings
from demo.site.assets import AssetsMissing, bridge_version


def main() -> int:
    """Serves until it is told to stop; 2 where it cannot start as it is set up."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = DemoSettings.from_environment(os.environ)
        bridge_version()
    except (SettingsError, AssetsMissing) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    DemoServer(settings, lambda: _build(settings)).run()
    return 0


def _build(settings: DemoSettings) -> Demo:
    try:
        site = open_site(settings.site_url, settings.demo_issues, seed=settings.demo_seed)
        warm(site)
        return create_app(site, settings)
    except (BadIssues, AssetsMissing) as error:
        raise AppImportError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
