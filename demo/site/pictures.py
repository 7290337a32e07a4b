"""Small pictures that the REST API refers to: people, projects, types, priorities, status categories."""

from __future__ import annotations

import html
import unicodedata

import falcon

from demo.issues.site import Site

_HUES = ("#0055cc", "#216e4e", "#a54800", "#5e4db2", "#943d73", "#206a83", "#ae2e24", "#44546f")
_CATEGORY_HUES = {"new": "#8590a2", "indeterminate": "#0c66e4", "done": "#22a06b", "undefined": "#8590a2"}
_TYPE_HUES = {"Bug": "#e2483d", "Story": "#22a06b", "Epic": "#8f7ee7", "Improvement": "#22a06b"}
_TYPE_PATHS = {
    "Bug": "M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z",
    "Epic": "M8.8 3 4.5 9H8l-.8 4 4.3-6H8z",
    "Story": "M5 3.5h6v9L8 10l-3 2.5z",
}
_PLAIN_PATH = "M4 8.2 6.8 11 12 5.2l-1-1L6.8 8.8 5 7.1z"
_DAY = "public, max-age=86400"


def avatar(name: str) -> str:
    """A disc with the initials of a name, its colour chosen by the name."""
    words = [word for word in name.split() if word]
    letters = "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words[:1]))
    text = html.escape(unicodedata.normalize("NFC", letters).upper())
    hue = _HUES[sum(map(ord, name)) % len(_HUES)]
    return _svg(
        32,
        f'<circle cx="16" cy="16" r="16" fill="{hue}"/><text x="16" y="21" font-size="13" font-weight="600" '
        f'font-family="sans-serif" text-anchor="middle" fill="#fff">{text}</text>',
    )


def project_mark(key: str) -> str:
    """A square with the first letter of a project's key."""
    hue = _HUES[sum(map(ord, key)) % len(_HUES)]
    return _svg(
        32,
        f'<rect width="32" height="32" rx="4" fill="{hue}"/><text x="16" y="22" font-size="17" '
        f'font-weight="700" font-family="sans-serif" text-anchor="middle" fill="#fff">'
        f"{html.escape(key[:1])}</text>",
    )


def type_icon(name: str) -> str:
    """A coloured square with a sign for the kind of issue."""
    hue = _TYPE_HUES.get(name, "#388bff")
    path = _TYPE_PATHS.get(name, _PLAIN_PATH)
    return _svg(16, f'<rect width="16" height="16" rx="2" fill="{hue}"/><path d="{path}" fill="#fff"/>')


def priority_icon(rank: int, count: int) -> str:
    """An arrow: up and red for the first priorities, level in the middle, down and blue for the last."""
    place = rank / max(1, count - 1)
    path, hue = ("M3 6.5h10M3 9.5h10", "#b38600") if 0.4 <= place <= 0.6 else ("M4 6l4 4 4-4", "#1d7afc")  # noqa: PLR2004
    if place < 0.4:  # noqa: PLR2004 - the upper two fifths point upwards
        path, hue = "M4 10l4-4 4 4", "#e2483d"
    return _svg(16, f'<path d="{path}" fill="none" stroke="{hue}" stroke-width="2" stroke-linecap="round"/>')


def category_icon(key: str) -> str:
    """A disc in the colour of a status category."""
    return _svg(16, f'<circle cx="8" cy="8" r="6" fill="{_CATEGORY_HUES.get(key, "#8590a2")}"/>')


def _svg(size: int, content: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">{content}</svg>'


class Pictures:
    """`/avatars/….svg` and `/icons/…/….svg`; any page may show them."""

    def __init__(self, site: Site) -> None:
        self._catalogue = site.catalogue

    def on_get_avatar(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Of an account by id, or of a project as `project-<id>`."""
        if name.startswith("project-"):
            wanted = name.removeprefix("project-")
            found = next((p for p in self._catalogue.projects.values() if p.id == wanted), None)
            _send(resp, project_mark(found.key) if found is not None else None)
            return
        account = self._catalogue.accounts.get(name)
        _send(resp, avatar(account.name) if account is not None else None)

    def on_get_type(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Of an issue type by id."""
        found = self._catalogue.types.get(name)
        _send(resp, type_icon(found.name) if found is not None else None)

    def on_get_priority(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Of a priority by id."""
        ranked = list(self._catalogue.priorities)
        _send(resp, priority_icon(ranked.index(name), len(ranked)) if name in ranked else None)

    def on_get_category(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Of a status category by key."""
        _send(resp, category_icon(name) if name in _CATEGORY_HUES else None)


def _send(resp: falcon.Response, picture: str | None) -> None:
    if picture is None:
        raise falcon.HTTPNotFound
    resp.content_type = "image/svg+xml"
    resp.set_header("Cache-Control", _DAY)
    resp.set_header("Cross-Origin-Resource-Policy", "cross-origin")
    resp.text = picture


def add_pictures(app: falcon.App[falcon.Request, falcon.Response], site: Site) -> None:
    """Adds the routes of all pictures to an application."""
    pictures = Pictures(site)
    app.add_route("/avatars/{name}.svg", pictures, suffix="avatar")
    app.add_route("/icons/issuetype/{name}.svg", pictures, suffix="type")
    app.add_route("/icons/priority/{name}.svg", pictures, suffix="priority")
    app.add_route("/icons/status/{name}.svg", pictures, suffix="category")
