"""The stand-in site as one WSGI application: its pages, and the REST API behind its gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import falcon

from demo.connect.calls import Caller
from demo.connect.installer import Installer
from demo.connect.setup import Setup
from demo.connect.state import DemoState
from demo.gateway.bursts import Bursts
from demo.gateway.faults import Faults
from demo.gateway.identity import Identities
from demo.gateway.middleware import Gateway, GatewayMiddleware
from demo.gateway.points import Points
from demo.issues.site import Site
from demo.rest import create_rest, scope_of
from demo.settings import DemoSettings
from demo.site.assets import add_assets, bridge_version
from demo.site.bridge import PointsResource, TokenResource
from demo.site.control import (
    PREFIX,
    CallsResource,
    ContextTokensResource,
    ControlGuard,
    InstallationsResource,
    SwitchesResource,
)
from demo.site.edits import IssuesResource
from demo.site.pages import Pages
from demo.site.pictures import add_pictures
from demo.site.resources import add_pages
from demo.site.session import SessionResource

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


@dataclass
class Demo:
    """The running parts. Called as a WSGI application."""

    gateway: Gateway
    installer: Installer
    setup: Setup
    state: DemoState
    pages: Callable[..., Iterable[bytes]]
    rest: Callable[..., Iterable[bytes]]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Sends `/rest/…` to the API and the rest to the pages."""
        application = self.rest if environ["PATH_INFO"].startswith("/rest/") else self.pages
        return application(environ, start_response)


class InstallKey:
    """`GET /install-keys/<kid>`: the public key that checks install callbacks, as Atlassian's CDN has it."""

    def __init__(self, state: DemoState) -> None:
        self._state = state

    def on_get(self, _req: falcon.Request, resp: falcon.Response, key_id: str) -> None:
        """The key in PEM; 404 for another id."""
        if key_id != self._state.signing_key.id:
            raise falcon.HTTPNotFound
        resp.content_type = "application/x-pem-file"
        resp.text = self._state.signing_key.public_pem


class Ready:
    """`GET /ready`: 200 once the app is installed and has its example reports, before that 503 and why."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Where the set-up stands and the ids of the example reports by name."""
        resp.status = falcon.HTTP_200 if self._setup.is_ready else falcon.HTTP_503
        resp.set_header("Cache-Control", "no-store")
        resp.media = {"status": self._setup.message, "reports": self._setup.reports}


def create_app(site: Site, settings: DemoSettings) -> Demo:
    """Puts the site together; nothing starts before `demo.setup.start()`. Raises AssetsMissing."""
    state = DemoState(settings.state_dir / "demo")
    caller = Caller(settings.base_url, settings.ca_file)
    installer = Installer(state, caller, site_url=settings.site_url)
    setup = Setup(installer, caller, admin_id=site.accounts()[0].id)
    identities = Identities(site, state.installations, lambda: installer.descriptor)
    gateway = Gateway(
        identities=identities,
        points=Points(settings.demo_points),
        bursts=Bursts(settings.demo_burst),
        faults=Faults(settings.demo_faults, settings.demo_seed),
        descriptor=lambda: installer.descriptor,
        scope_of=scope_of,
        site_url=settings.site_url,
        latency_ms=settings.demo_latency_ms,
    )
    rest = create_rest(site, middleware=[GatewayMiddleware(gateway)])
    pages = Pages(
        identities=identities,
        state=state,
        installer=installer,
        setup=setup,
        site=site,
        site_url=settings.site_url,
        product_url=settings.base_url,
        bridge_version=bridge_version(),
        expected_app_key=settings.app_key,
    )
    app = _site_app(pages, gateway, installer, setup, state)
    add_pictures(app, site)
    edits = IssuesResource(site)
    app.add_route(f"{PREFIX}/issues", edits)
    app.add_route(f"{PREFIX}/issues/{{key}}", edits, suffix="one")
    return Demo(gateway, installer, setup, state, app, rest)


def _site_app(
    pages: Pages, gateway: Gateway, installer: Installer, setup: Setup, state: DemoState
) -> falcon.App[falcon.Request, falcon.Response]:
    identities, site_url = gateway.identities, gateway.site_url
    app = falcon.App(middleware=[ControlGuard(site_url)])
    app.req_options.strip_url_path_trailing_slash = True
    installations = InstallationsResource(state, installer)
    add_pages(app, pages)
    add_assets(app, site_url)
    app.add_route("/ready", Ready(setup))
    app.add_route("/install-keys/{key_id}", InstallKey(state))
    app.add_route("/-/token", TokenResource(state, identities, site_url))
    app.add_route("/-/session", SessionResource(identities, site_url))
    app.add_route(f"{PREFIX}/points", PointsResource(gateway))
    app.add_route(f"{PREFIX}/switches", SwitchesResource(gateway))
    app.add_route(f"{PREFIX}/calls", CallsResource(gateway))
    app.add_route(f"{PREFIX}/tokens", ContextTokensResource(state, identities))
    app.add_route(f"{PREFIX}/installations", installations)
    app.add_route(f"{PREFIX}/installations/{{name}}", installations, suffix="one")
    return app
