"""What a page told an origin, and what it kept there."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request

_WATCH_STORAGE = """
(origin) => {
  if (location.origin !== origin) return;
  const written = (window.__written = []);
  const watch = (target, name) => {
    const original = target[name];
    target[name] = function (...args) {
      written.push(`${name}(${String(args[0])})`);
      return original.apply(this, args);
    };
  };
  watch(Storage.prototype, 'setItem');
  watch(IDBFactory.prototype, 'open');
  if (window.CacheStorage) watch(CacheStorage.prototype, 'open');
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(document, 'cookie', {
    get: () => cookie.get.call(document),
    set: (value) => { written.push('cookie'); cookie.set.call(document, value); },
  });
}
"""

_KEPT = """
async () => ({
  written: window.__written,
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map((database) => database.name),
  caches: window.caches ? await caches.keys() : [],
  cookies: document.cookie,
})
"""


@dataclass
class Recording:
    """Every request to one origin, as text: address, headers and body."""

    origin: str
    requests: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        if request.url.startswith(self.origin):
            body = request.post_data_buffer or b""
            headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
            self.requests.append(
                f"{request.method} {request.url}\n{headers}\n{body.decode(errors='replace')}"
            )


def record(context: BrowserContext, origin: str) -> Recording:
    """Records from now on what any page of the context sends to the origin."""
    recording = Recording(origin)
    context.on("request", recording.note)
    return recording


def origins_contacted(context: BrowserContext) -> set[str]:
    """Fills with the origin of each network request that a page of the context makes from now on."""
    origins: set[str] = set()

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"}:
            origins.add(f"{address.scheme}://{address.netloc}")

    context.on("request", note)
    return origins


def watch_storage(context: BrowserContext, origin: str) -> None:
    """Notes each write to a storage API by the origin's frames that are opened from now on."""
    context.add_init_script(f"({_WATCH_STORAGE})({origin!r})")


def kept_by_frames(page: Page, origin: str) -> list[dict[str, object]]:
    """What each frame of the origin wrote or has in any storage; empty values mean nothing."""
    return [frame.evaluate(_KEPT) for frame in page.frames if frame.url.startswith(origin)]
