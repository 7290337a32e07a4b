"""`python -m tests.browser.demo.serve`: the stand-in site as `python -m demo` serves it, with few issues."""

from __future__ import annotations

import os

from demo.app import create_app
from demo.issues.generator import generate
from demo.server import DemoServer
from demo.settings import DemoSettings


def main() -> None:
    settings = DemoSettings.from_environment(os.environ)
    DemoServer(settings, lambda: create_app(generate(settings.site_url, count=300), settings)).run()


if __name__ == "__main__":
    main()
