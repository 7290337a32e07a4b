"""Installs the app into the site the way Jira does: by callbacks that it signs.

Source of the order and the fields: Atlassian's pages on the Connect lifecycle and on signed installs.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from demo.connect.calls import Caller
from demo.connect.descriptor import Descriptor, read_descriptor
from demo.connect.state import DemoState, Installation, new_secret
from demo.connect.tokens import install_token, request_token

DESCRIPTOR_PATH = "/atlassian-connect.json"
ACCEPTED = {200, 204}
# Signed by the site's RSA key because the app may not know the shared secret (any more).
_RSA_EVENTS = {"installed", "uninstalled"}
_STATES = {"enabled": "installed", "disabled": "disabled", "uninstalled": "uninstalled"}


class InstallFailed(Exception):
    """The app answered a callback with something else than 200 or 204."""


class Installer:
    """Fetches the descriptor and sends lifecycle callbacks. One callback at a time."""

    def __init__(self, state: DemoState, caller: Caller, *, site_url: str) -> None:
        self._state = state
        self._caller = caller
        self._site_url = site_url
        self._lock = threading.Lock()
        self.descriptor: Descriptor | None = None

    def fetch_descriptor(self) -> Descriptor:
        """Reads the app's descriptor anew. Raises Unreachable, InstallFailed, DescriptorRefused."""
        answer = self._caller.send("GET", DESCRIPTOR_PATH)
        if answer.status != 200:  # noqa: PLR2004 - an HTTP status
            raise InstallFailed(f"GET {DESCRIPTOR_PATH} was answered by {answer.status}")
        try:
            raw = answer.json()
        except ValueError as error:
            raise InstallFailed(f"GET {DESCRIPTOR_PATH} gave no JSON") from error
        self.descriptor = read_descriptor(raw, base_url=self._caller.base_url)
        return self.descriptor

    def install(self, name: str) -> Installation:
        """Installs or updates: every `installed` brings a new shared secret, the client key stays."""
        descriptor = self.fetch_descriptor()
        installation = self._state.find_or_add(name)
        secret = new_secret()
        with self._lock:
            self._send("installed", installation, descriptor, secret=secret)
            installation = self._state.change(name, state="installed", shared_secret=secret)
            self._send("enabled", installation, descriptor)
        return installation

    def notify(self, name: str, event: str) -> Installation:
        """Enables, disables or uninstalls. Raises InstallFailed where the app refuses.

        A real site forgets the app whether it answers or not; so does this one, before it raises.
        """
        installation = self._state.find(name)
        if installation is None:
            raise InstallFailed(f"there is no installation {name!r}")
        descriptor = self.descriptor or self.fetch_descriptor()
        with self._lock:
            changed = self._state.change(name, state=_STATES[event])
            self._send(event, installation, descriptor)
        return changed

    def _send(
        self, event: str, installation: Installation, descriptor: Descriptor, *, secret: str | None = None
    ) -> None:
        path = descriptor.lifecycle.get(event)
        if path is None:
            return
        body = self._body(event, installation, descriptor)
        if secret is not None:
            body["sharedSecret"] = secret
        headers = {"Authorization": f"JWT {self._token(event, installation, path)}"}
        answer = self._caller.send("POST", path, headers=headers, body=body)
        if answer.status not in ACCEPTED:
            raise InstallFailed(f"the app host returned HTTP response code {answer.status} for {event}")

    def _token(self, event: str, installation: Installation, path: str) -> str:
        target, base_path = self._caller.base_path + path, self._caller.base_path
        if event in _RSA_EVENTS:
            key = self._state.signing_key
            return install_token(
                client_key=installation.client_key,
                private_key=key.private_pem,
                key_id=key.id,
                audience=self._caller.base_url,
                target=target,
                base_path=base_path,
            )
        return request_token(
            issuer=installation.client_key,
            shared_secret=installation.shared_secret,
            method="POST",
            target=target,
            base_path=base_path,
        )

    def _body(self, event: str, installation: Installation, descriptor: Descriptor) -> dict[str, str]:
        return {
            "key": descriptor.key,
            "clientKey": installation.client_key,
            "baseUrl": self._site_url,
            "displayUrl": self._site_url,
            "displayUrlServicedeskHelpCenter": self._site_url,
            "productType": "jira",
            "description": "Atlassian Jira (a stand-in that runs on this machine)",
            "serverVersion": "100300",
            "pluginsVersion": "1001.0.0-SNAPSHOT",
            "eventType": event,
        }


def public_view(installation: Installation) -> Mapping[str, str]:
    """An installation without its secret."""
    return {
        "name": installation.name,
        "client_key": installation.client_key,
        "state": installation.state,
    }
