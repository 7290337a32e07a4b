"""The HTML pages of the site: one shell, filled with what the place at hand shows to the visitor at hand."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import falcon

from demo.connect.conditions import Viewer, are_met
from demo.connect.descriptor import Descriptor, Module
from demo.connect.installer import Installer
from demo.connect.pages import page_url
from demo.connect.setup import Setup
from demo.connect.state import MAIN, DemoState
from demo.gateway.identity import SESSION_COOKIE, Identities
from demo.issues.model import Account, Project
from demo.issues.site import Site
from demo.site import places
from demo.site.places import Frame, Place
from demo.site.session import set_account, theme_of

_SHELL = Path(__file__).with_name("page.html")
# Only some kinds of page may keep their state in the address; these and two more fill the window.
_HISTORY_KINDS = {"generalPages", "adminPages", "configurePage", "postInstallPage"}
_FULL_PAGE_KINDS = _HISTORY_KINDS | {"jiraReports", "jiraProjectPages"}


class Pages:
    """Renders places. Everything that the page's script needs travels in the page itself, as JSON."""

    def __init__(
        self,
        *,
        identities: Identities,
        state: DemoState,
        installer: Installer,
        setup: Setup,
        site: Site,
        site_url: str,
        product_url: str,
        bridge_version: str,
        expected_app_key: str,
    ) -> None:
        self.identities = identities
        self.expected_app_key = expected_app_key
        self._state = state
        self._installer = installer
        self._setup = setup
        self._site = site
        self._site_url = site_url
        self._product_url = product_url
        self._bridge_version = bridge_version
        self._shell = _SHELL.read_text(encoding="utf-8")

    @property
    def descriptor(self) -> Descriptor | None:
        """The descriptor of the app if it is installed and enabled here."""
        installation = self._state.find(MAIN)
        return self._installer.descriptor if installation is not None and installation.is_active else None

    def account_of(self, req: falcon.Request) -> Account | None:
        """Whom a request's page is for."""
        return self.identities.of_page(req.cookies.get(SESSION_COOKIE))

    def project(self, req: falcon.Request, key: str) -> Project | None:
        """The project of a key, if the visitor may see it."""
        account, project = self.account_of(req), self._site.catalogue.projects.get(key.upper())
        if account is None or project is None or not self._site.may_browse(project, account):
            return None
        return project

    def send(self, req: falcon.Request, resp: falcon.Response, place: Place) -> None:
        """Answers with the page of a place."""
        cookie = req.cookies.get(SESSION_COOKIE)
        account = self.identities.of_page(cookie)
        if cookie is None:
            set_account(resp, account)
        if account is None:
            place = Place("signed-out", "Log in")
        shown = [frame for frame in place.frames if self._is_shown(frame.module, account)]
        if len(shown) < len(place.frames) and not shown:
            place = places.missing("You don't have permission to see this page")
        resp.status = place.status
        resp.content_type = falcon.MEDIA_HTML
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("Content-Security-Policy", self._policy())
        resp.set_header("Referrer-Policy", "strict-origin-when-cross-origin")
        resp.text = self._render(place, theme_of(req), self._data(place, shown, account))

    def frame_url(self, frame: Frame, account: Account | None) -> str:
        """The address of one of the app's pages, with a fresh token where it needs one."""
        descriptor, installation = self._installer.descriptor, self._state.find(MAIN)
        if descriptor is None or installation is None:
            raise falcon.HTTPNotFound
        return page_url(
            frame.module,
            descriptor=descriptor,
            installation=installation,
            account_id=account.id if account is not None else None,
            site_url=self._site_url,
            bridge_version=self._bridge_version,
            variables=frame.variables,
        )

    def _policy(self) -> str:
        parts = urlsplit(self._product_url)
        product = f"{parts.scheme}://{parts.netloc}"
        return (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: https:; font-src 'self'; connect-src 'self' {product}; "
            f"frame-src {product}; frame-ancestors 'none'; "
            "base-uri 'none'; form-action 'self'"
        )

    def _render(self, place: Place, theme: str, data: Mapping[str, Any]) -> str:
        values = {
            "{{title}}": html.escape(f"{place.title} - Jira"),
            "{{theme}}": theme,
            "{{mode}}": "dark" if theme == "dark" else "light",
            # `<` would end the script element early; the rest is harmless in JSON.
            "{{data}}": json.dumps(data).replace("<", "\\u003c"),
        }
        page = self._shell
        for mark, value in values.items():
            page = page.replace(mark, value)
        return page

    def _data(self, place: Place, shown: list[Frame], account: Account | None) -> dict[str, Any]:
        return {
            "site": {"url": self._site_url, "productUrl": self._product_url},
            "account": _account_data(account) if account is not None else None,
            "accounts": [_account_data(choice) for choice in self.identities.sign_in_choices()],
            "app": self._app_data(account),
            "dashboards": [{"id": board["id"], "name": board["name"]} for board in places.DASHBOARDS],
            "ready": self._setup.is_ready,
            "place": {"kind": place.kind, "title": place.title, "tab": place.tab, **place.data},
            "frames": [self._frame_data(frame, account) for frame in shown],
        }

    def _frame_data(self, frame: Frame, account: Account | None) -> dict[str, Any]:
        kind = frame.module.kind
        return {
            "url": self.frame_url(frame, account),
            "module": _module_data(frame.module),
            "context": frame.context,
            "fullPage": kind in _FULL_PAGE_KINDS,
            "history": kind in _HISTORY_KINDS,
        }

    def _app_data(self, account: Account | None) -> dict[str, Any] | None:
        descriptor = self.descriptor
        if descriptor is None:
            return None
        shown = [module for module in descriptor.modules if self._is_shown(module, account)]
        shown.sort(key=lambda module: module.weight)
        return {
            "key": descriptor.key,
            "name": descriptor.name,
            "vendor": descriptor.vendor,
            "scopes": sorted(descriptor.scopes),
            "modules": [_module_data(module) for module in shown],
        }

    def _is_shown(self, module: Module, account: Account | None) -> bool:
        viewer = Viewer(account is not None, account is not None and account.admin, is_licensed=True)
        admin_only = module.kind in {"adminPages", "configurePage"}
        return are_met(module.conditions, viewer) and (viewer.is_admin or not admin_only)


def _account_data(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "zone": account.zone,
        "locale": account.locale,
        "admin": account.admin,
    }


def _module_data(module: Module) -> dict[str, Any]:
    return {
        "kind": module.kind,
        "key": module.key,
        "name": module.name,
        "description": module.description,
        "location": module.location,
    }
