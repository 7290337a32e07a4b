"""Makes the site ready once the product answers: installs the app, then creates the example reports."""

from __future__ import annotations

import logging
import threading

from demo.connect.calls import Caller, Unreachable
from demo.connect.descriptor import DescriptorRefused
from demo.connect.examples import ExamplesFailed, Person, create_examples
from demo.connect.installer import Installer, InstallFailed
from demo.connect.state import MAIN

FIRST_DELAY_SECONDS = 0.2
LAST_DELAY_SECONDS = 3.0
_log = logging.getLogger(__name__)


class Setup:
    """Runs in a thread of its own and tries until it succeeds; `GET /ready` shows where it stands."""

    def __init__(self, installer: Installer, caller: Caller, *, admin_id: str) -> None:
        self._installer = installer
        self._caller = caller
        self._admin_id = admin_id
        self._ready = threading.Event()
        self._stopped = threading.Event()
        self.message = f"waiting for the app at {caller.base_url}"
        self.reports: dict[str, str] = {}

    @property
    def is_ready(self) -> bool:
        """Whether the app is installed and the examples are there."""
        return self._ready.is_set()

    def start(self) -> None:
        """Begins; returns at once."""
        threading.Thread(target=self.run, name="setup", daemon=True).start()

    def stop(self) -> None:
        """Gives up at the next try."""
        self._stopped.set()

    def wait(self, seconds: float) -> bool:
        """Waits until the site is ready and says whether it is."""
        return self._ready.wait(seconds)

    def run(self) -> None:
        """Tries with growing pauses until all is done."""
        delay = FIRST_DELAY_SECONDS
        while not self._stopped.is_set():
            try:
                self.run_once()
                return
            except (Unreachable, InstallFailed, DescriptorRefused, ExamplesFailed) as error:
                if str(error) != self.message:
                    _log.info("Not ready: %s", error)
                self.message = str(error)
            self._stopped.wait(delay)
            delay = min(delay * 1.5, LAST_DELAY_SECONDS)

    def run_once(self) -> None:
        """One try. Raises what went wrong."""
        installation = self._installer.install(MAIN)
        self.reports = create_examples(Person(self._caller, installation, self._admin_id))
        self.message = "ready"
        self._ready.set()
