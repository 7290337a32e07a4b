"""The query string hash, which binds a Connect token to one request.

Rules: Atlassian, "Understanding JWT for Connect apps" and the official vectors. Where the two disagree (the
order of repeated values) the vectors win: values are sorted as decoded.
"""

import hashlib
from collections import defaultdict
from urllib.parse import quote, unquote_to_bytes

CONTEXT = "context-qsh"
_UNRESERVED = "-._~"


def query_string_hash(method: str, path: str, query: str = "", *, base_path: str = "", form: str = "") -> str:
    """The `qsh` claim of a request: lower-case hex SHA-256 of its canonical form."""
    canonical = canonical_request(method, path, query, base_path=base_path, form=form)
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()


def canonical_request(method: str, path: str, query: str = "", *, base_path: str = "", form: str = "") -> str:
    """A request's method, path and query in the one form that both sides hash.

    `path` is as sent, still percent-encoded; `base_path` is the path part of the receiver's base URL, which
    does not count. `query` is without its question mark. `form` is the body of a form, which old senders hash
    as more of the query; a JSON body is never hashed, and no address of ours takes forms.
    """
    parameters = "&".join(part for part in (query, form) if part)
    return "&".join(
        (method.upper(), _canonical_path(path, base_path.rstrip("/")), _canonical_query(parameters))
    )


def _canonical_path(path: str, base_path: str) -> str:
    if base_path and (path == base_path or path.startswith(f"{base_path}/")):
        path = path[len(base_path) :]
    if len(path) > 1 and path.endswith("/"):
        path = path[:-1]
    if not path.startswith("/"):
        path = f"/{path}"
    return path.replace("&", "%26")


def _canonical_query(query: str) -> str:
    values: defaultdict[str, list[bytes]] = defaultdict(list)
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair and _decoded(name) != b"jwt":
            values[_encoded(_decoded(name))].append(_decoded(value))
    return "&".join(f"{name}={','.join(map(_encoded, sorted(values[name])))}" for name in sorted(values))


def _decoded(text: str) -> bytes:
    return unquote_to_bytes(text.replace("+", " ").encode("utf-8", "replace"))


def _encoded(data: bytes) -> str:
    return quote(data, safe=_UNRESERVED)
