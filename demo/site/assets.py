"""Files for browsers: the site's own, the real bridge from its npm package, and the app's `all.js`."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import falcon

HERE = Path(__file__).parent
MODULES = HERE.parent / "node_modules"
_CONNECT = MODULES / "atlassian-connect-js"
_CDN = 'var CDN_DOMAIN = "connect-cdn.atl-paas.net";'
_HOUR = "public, max-age=3600"


class AssetsMissing(Exception):
    """The npm packages of the stand-in are not installed, or are not as expected."""


def bridge_version() -> str:
    """The version of `atlassian-connect-js`, which Jira tells the app as `cv`. Raises AssetsMissing."""
    try:
        package = json.loads((_CONNECT / "package.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise AssetsMissing("run `npm ci` in the folder demo: its packages are missing") from error
    return str(package["version"])


def page_script(site_url: str) -> bytes:
    """`all.js` for the app's pages: the package's `iframe.js` and the parts that only the CDN's file has.

    The package loads themes from Atlassian's CDN; here they come from the stand-in, so that nothing leaves
    this machine. Raises AssetsMissing.
    """
    parts = urlsplit(site_url)
    source = (_CONNECT / "dist" / "iframe.js").read_text(encoding="utf-8")
    if source.count(_CDN) != 1:
        raise AssetsMissing("iframe.js of atlassian-connect-js no longer names its CDN where it did")
    own = f'var CDN_DOMAIN = "{parts.netloc}/connect";'
    product_part = (HERE / "static" / "all-product.js").read_text(encoding="utf-8")
    return f"{source.replace(_CDN, own)}\n{product_part}".encode()


class PageScript:
    """`GET /all.js`."""

    def __init__(self, site_url: str) -> None:
        self._script = page_script(site_url)

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """The script; any origin may load it, as from the CDN."""
        resp.content_type = "text/javascript; charset=utf-8"
        resp.set_header("Cache-Control", _HOUR)
        resp.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        resp.data = self._script


def add_assets(app: falcon.App[falcon.Request, falcon.Response], site_url: str) -> None:
    """Adds the routes of all files to an application."""
    app.add_route("/all.js", PageScript(site_url))
    app.add_static_route("/s", HERE / "static")
    app.add_static_route("/connect", _CONNECT / "dist")
    app.add_static_route("/jquery", MODULES / "jquery" / "dist")
