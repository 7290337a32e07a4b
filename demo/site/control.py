"""Switches of the stand-in under `/__demo`, for tests and for whoever wants to see the app cope.

Only this machine reaches them, as the server listens on loopback alone; pages of other origins are refused,
and so is every other name for this machine, so that no foreign page can reach them by a name of its own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import falcon

from demo.connect.calls import Unreachable
from demo.connect.descriptor import DescriptorRefused
from demo.connect.installer import Installer, InstallFailed, public_view
from demo.connect.state import MAIN, DemoState
from demo.connect.tokens import context_token
from demo.gateway.faults import fault_rates
from demo.gateway.identity import Identities
from demo.gateway.middleware import Gateway

PREFIX = "/__demo"
_EVENTS = {"enabled", "disabled", "uninstalled"}
_MOST_LATENCY_MS = 60_000


class ControlGuard:
    """Falcon middleware: lets only this origin and tools on this machine use the switches."""

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url
        self._host = urlsplit(site_url).netloc

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        """Refuses foreign origins and names. Raises HTTPForbidden."""
        if not req.path.startswith(f"{PREFIX}/"):
            return
        port = self._host.rpartition(":")[2]
        known_hosts = {self._host, f"127.0.0.1:{port}"}
        if (
            req.get_header("ORIGIN") not in {None, self._site_url}
            or req.get_header("HOST") not in known_hosts
        ):
            raise falcon.HTTPForbidden(description="Only this machine may use the switches of the demo")


class SwitchesResource:
    """`GET PATCH /__demo/switches`: faults, latency, burst, points, without a restart."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """The switches as they stand."""
        gateway = self._gateway
        budget = gateway.points.budget()
        resp.media = {
            "faults": str(gateway.faults.rates),
            "latency_ms": gateway.latency_ms,
            "burst": gateway.bursts.base,
            "points": {"limit": budget.limit, "used": budget.used},
        }

    def on_patch(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Changes those that the body names: `faults` (with `seed`), `latency_ms`, `burst`, `points`."""
        body: dict[str, Any] = req.get_media()
        try:
            self._change(body)
        except (ValueError, TypeError, AttributeError) as error:
            raise falcon.HTTPBadRequest(description=str(error)) from error
        self.on_get(req, resp)

    def _change(self, body: dict[str, Any]) -> None:
        gateway = self._gateway
        if unknown := set(body) - {"faults", "seed", "latency_ms", "burst", "points"}:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        if "faults" in body:
            gateway.faults.replace(fault_rates(body["faults"]), body.get("seed"))
        if "latency_ms" in body:
            gateway.latency_ms = min(max(0, int(body["latency_ms"])), _MOST_LATENCY_MS)
        if "burst" in body:
            gateway.bursts.base = max(1, int(body["burst"]))
        if "points" in body:
            points = body["points"]
            gateway.points.reset(limit=points.get("limit"), used=points.get("used", 0))


class CallsResource:
    """`GET DELETE /__demo/calls`: the last calls to the REST API, and forgetting them."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """`{"calls": […], "most_at_once": n}`."""
        resp.media = self._gateway.recorder.report()

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Forgets the calls so far."""
        self._gateway.recorder.reset()
        resp.status = falcon.HTTP_204


class InstallationsResource:
    """`/__demo/installations[/{name}]`: further tenants, and the lifecycle of each."""

    def __init__(self, state: DemoState, installer: Installer) -> None:
        self._state = state
        self._installer = installer

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """All installations, without secrets; `main` is the one that the pages show."""
        resp.media = {"installations": [public_view(entry) for entry in self._state.installations()]}

    def on_put_one(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Installs under that name, or installs anew: same client key, new secret."""
        try:
            resp.media = public_view(self._installer.install(name))
        except (InstallFailed, Unreachable, DescriptorRefused) as error:
            raise falcon.HTTPBadGateway(description=str(error)) from error

    def on_post_one(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Sends the `event` of the body: enabled, disabled or uninstalled."""
        event = req.get_media().get("event")
        if event not in _EVENTS:
            raise falcon.HTTPBadRequest(description=f"event must be one of {', '.join(sorted(_EVENTS))}")
        if self._state.find(name) is None:
            raise falcon.HTTPNotFound
        try:
            resp.media = public_view(self._installer.notify(name, event))
        except (InstallFailed, Unreachable, DescriptorRefused) as error:
            raise falcon.HTTPBadGateway(description=str(error)) from error


class ContextTokensResource:
    """`POST /__demo/tokens`: a context token for any installation and account, as a page would get it."""

    def __init__(self, state: DemoState, identities: Identities) -> None:
        self._state = state
        self._identities = identities

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Body: `installation` (default main), `account` (an id, default the site's admin)."""
        body: dict[str, Any] = req.get_media()
        installation = self._state.find(body.get("installation", MAIN))
        account_id = body.get("account", self._identities.sign_in_choices()[0].id)
        if installation is None or self._identities.account(account_id) is None:
            raise falcon.HTTPBadRequest(description="no such installation or account")
        token = context_token(
            client_key=installation.client_key,
            shared_secret=installation.shared_secret,
            account_id=account_id,
        )
        resp.media = {"token": token}
