"""The ways to be refused: each turns an honest request into one that must not be answered.

The forger knows everything but the keys: the site's client key, the app's addresses, Atlassian's public key,
what honest tokens look like; and has a site of their own with a secret that is good there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import falcon.testing
import jwt

from core.qsh import query_string_hash
from tests.integration.api.connect_site import BASE_URL, KEY, OTHER_KEY, Site, pem_of
from tests.integration.api.honest_requests import Honest

Headers = list[tuple[str, str]]
PATH_TRICKS = [
    "../the-key",
    "..",
    "the-key/../the-key",
    "//evil.example/the-key",
    "the-key?x",
    "the-key%00",
    "a b",
    "",
]


@dataclass(frozen=True)
class Attack:
    """One request. `authenticated`: the token is good, and something else is wrong."""

    name: str
    headers: Headers
    query: str = ""
    body: bytes | None = None
    authenticated: bool = False


class Forger:
    """Makes attacks on `victim` out of an honest request to it."""

    def __init__(self, honest: Honest, victim: Site, own: Site) -> None:
        self._honest = honest
        self._victim = victim
        self._own = own

    def attacks(self) -> Iterator[Attack]:
        """All of them."""
        for name, token in self._tokens():
            yield self._with(name, [("Authorization", f"JWT {token}")])
        yield from self._misplaced()
        yield from self._strange_bodies()
        if self._honest.kind != "context":
            yield from self._disagreeing_bodies()

    def honest_token(self, **changes: Any) -> str:
        """A token that this request is accepted with, but for `changes`; None leaves a claim out."""
        match self._honest.kind:
            case "context":
                claims = self._victim.claims(sub="ada", qsh="context-qsh")
            case "secret":
                claims = self._victim.claims(qsh=self._hash())
            case _:
                claims = self._victim.claims(qsh=self._hash(), aud=BASE_URL)
        return self._signed({name: value for name, value in (claims | changes).items() if value is not None})

    def _hash(self) -> str:
        return query_string_hash(self._honest.method, self._honest.path)

    @property
    def _by_atlassian(self) -> bool:
        return self._honest.kind == "atlassian"

    def _signed(self, claims: dict[str, Any], **headers: Any) -> str:
        if self._by_atlassian:
            return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "the-key"} | headers)
        return jwt.encode(claims, self._victim.secret, algorithm="HS256", headers=headers or None)

    def _tokens(self) -> Iterator[tuple[str, str]]:
        now = int(time.time())
        yield from self._nonsense()
        yield from self._other_algorithms()
        yield from self._other_keys()
        yield "expired", self.honest_token(iat=now - 900, exp=now - 120)
        yield "without an end", self.honest_token(exp=None)
        yield "without a beginning", self.honest_token(iat=None)
        yield "not yet valid", self.honest_token(nbf=now + 600)
        yield "issued in the far future", self.honest_token(iat=now + 86_400, exp=now + 90_000)
        yield "meant for another app", self.honest_token(aud="https://other.example.com")
        yield "meant for other apps", self.honest_token(aud=["https://other.example.com", f"{BASE_URL}x"])
        if self._by_atlassian:
            yield "meant for nobody", self.honest_token(aud=None)
        yield "of another issuer", self.honest_token(iss="somebody-else")
        yield "without an issuer", self.honest_token(iss=None)
        yield "of an issuer that no database holds", self.honest_token(iss="a\0\ud800")
        yield "of another request", self.honest_token(qsh=query_string_hash("GET", "/elsewhere"))
        yield "of another method", self.honest_token(qsh=query_string_hash("PATCH", self._honest.path))
        yield "of no request", self.honest_token(qsh=None)
        other = self._hash() if self._honest.kind == "context" else "context-qsh"
        yield "bound to an address on the api, or unbound elsewhere", self.honest_token(qsh=other)
        yield "that is huge", self.honest_token(padding="x" * 9_000)

    def _nonsense(self) -> Iterator[tuple[str, str]]:
        yield "garbage", "garbage"
        yield "three pieces of garbage", "a.b.c"
        yield "of dots", "..."
        yield "empty", ""
        yield "whose letters are no base64", f"é{self.honest_token()}"
        token = self.honest_token()
        yield "cut short", token[:-5]
        yield "with something behind it", f"{token},x"
        header, payload, signature = token.split(".")
        for nesting in (
            b"[" * 3_000,
            b'{"alg":' * 900,
            b'{"alg":"HS256","kid":"the-key","a":' + b"[" * 2_000,
        ):
            deep = _base64(nesting)
            yield "with a deep header", f"{deep}.{payload}.{signature}"
            yield "with deep claims", f"{header}.{deep}.{signature}"
        for depth in range(850, 1_000, 10):
            head = json.loads(_bytes(header))
            text = json.dumps(head)[:-1] + ',"a":' + "[" * depth + "]" * depth + "}"
            yield f"with a header of depth {depth}", f"{_base64(text.encode())}.{payload}.{signature}"

    def _other_algorithms(self) -> Iterator[tuple[str, str]]:
        claims = jwt.decode(self.honest_token(), options={"verify_signature": False})
        for algorithm in ("none", "None", "nOnE", "", None, "HS512", 5, ["HS256"]):
            for signature in ("", "x", _base64(b"0" * 32)):
                unsigned = _joined({"typ": "JWT", "alg": algorithm, "kid": "the-key"}, claims)
                yield f"of algorithm {algorithm}", f"{unsigned}.{signature}"
        for algorithm in ("HS256", "RS256"):
            content = _joined({"typ": "JWT", "alg": algorithm, "kid": "the-key"}, claims)
            for secret in (pem_of(KEY), pem_of(KEY).strip()):
                signature = _base64(hmac.digest(secret, content.encode(), hashlib.sha256))
                yield f"{algorithm} with an HMAC of the public key", f"{content}.{signature}"
        if self._by_atlassian:
            yield "signed with the site's secret", jwt.encode(claims, self._victim.secret, algorithm="HS256")
        else:
            yield (
                "signed with Atlassian's key",
                jwt.encode(claims | {"aud": BASE_URL}, KEY, algorithm="RS256", headers={"kid": "the-key"}),
            )

    def _other_keys(self) -> Iterator[tuple[str, str]]:
        claims = jwt.decode(self.honest_token(), options={"verify_signature": False})
        own = claims | {"iss": self._own.client_key}
        wrong = "a secret that the forger made up, as long as any other"
        for key_id in PATH_TRICKS:
            yield f"with the key id {key_id!r}", self._rs256(claims, kid=key_id)
        yield "with a key id that is no text", self._rs256(claims, kid=["the-key"])
        yield "with the address of a key", self._rs256(claims, kid="evil", jku="https://evil.example/key")
        yield (
            "with a key of its own",
            self._rs256(claims, kid="the-key", jwk={"kty": "RSA", "n": "AQ", "e": "AQAB"}),
        )
        yield "signed with another key", self._rs256(claims, kid="the-key")
        yield "signed with another secret", jwt.encode(claims, wrong, algorithm="HS256")
        yield "signed with another site's secret", jwt.encode(claims, self._own.secret, algorithm="HS256")
        if self._honest.kind == "secret":
            yield "of another site", jwt.encode(own, self._own.secret, algorithm="HS256")
        elif self._by_atlassian:
            yield "of another site", self._signed(own)

    def _rs256(self, claims: dict[str, Any], **headers: Any) -> str:
        """Signed with the forger's own key; PyJWT itself refuses to write headers as odd as some of these."""
        content = _joined({"typ": "JWT", "alg": "RS256"} | headers, claims | {"aud": BASE_URL})
        signature = jwt.get_algorithm_by_name("RS256").sign(content.encode(), OTHER_KEY)
        return f"{content}.{_base64(signature)}"

    def _misplaced(self) -> Iterator[Attack]:
        token = self.honest_token()
        header = ("Authorization", f"JWT {token}")
        yield self._with("no token", [])
        yield self._with("a token in the address", [], query=f"jwt={token}")
        yield self._with("a token in the address and one in the header", [header], query=f"jwt={token}")
        yield self._with("an empty one in the address and one in the header", [header], query="%6Awt=")
        yield self._with("two tokens in two headers", [header, header])
        yield self._with("a forged and a good token", [("Authorization", "JWT a.b.c"), header])
        for scheme in ("Bearer", "Basic", "jwt:", "", "JWT JWT"):
            yield self._with(f"the scheme {scheme!r}", [("Authorization", f"{scheme} {token}")])
        yield self._with("a token in a cookie", [("Cookie", f"jwt={token}")])
        if self._honest.kind == "context":
            anonymous = self.honest_token(sub=None)
            yield self._with("nobody's token", [("Authorization", f"JWT {anonymous}")], authenticated=True)

    def _strange_bodies(self) -> Iterator[Attack]:
        if self._honest.body is None:
            return
        good: Headers = [("Authorization", f"JWT {self.honest_token()}")]
        if self._honest.headers.get("Content-Type") != "application/octet-stream":  # bytes may be any
            for nesting in (b"[" * 50_000, b'{"a":' * 30_000, b"[" * 50_000 + b"]" * 50_000):
                yield self._with("a deep body", good, body=nesting, authenticated=True)
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            other = {"Content-Type": content_type}
            yield self._with(f"a body of type {content_type!r}", good, authenticated=True, replaced=other)
        form = ("application/x-www-form-urlencoded", f"jwt={self.honest_token()}".encode())
        yield self._with("a token in a form", [], body=form[1], replaced={"Content-Type": form[0]})

    def _disagreeing_bodies(self) -> Iterator[Attack]:
        good: Headers = [("Authorization", f"JWT {self.honest_token()}")]
        body = json.loads(self._honest.body or b"")
        events = ["installed", "uninstalled", "enabled", "disabled", "", None, [self._honest.event]]
        changes: list[dict[str, Any]] = [
            {"clientKey": self._own.client_key},
            {"clientKey": "never-seen"},
            {"clientKey": None},
            {"clientKey": [self._victim.client_key]},
            {"key": "com.other.app"},
            {"key": None},
            {"baseUrl": "https://evil.example"},
            {"baseUrl": None},
            *({"eventType": event} for event in events if event != self._honest.event),
        ]
        for change in changes:
            content = json.dumps(body | change).encode()
            yield self._with(f"a body with {change}", good, body=content, authenticated=True)
        for raw in (b"", b"[]", b"null", b'"x"', b"{}", b"\xff", b"[" * 900 + b"]" * 900):
            yield self._with(f"the body {raw[:9]!r}", good, body=raw, authenticated=True)

    def _with(
        self,
        name: str,
        headers: Headers,
        *,
        query: str = "",
        body: bytes | None = None,
        authenticated: bool = False,
        replaced: dict[str, str] | None = None,
    ) -> Attack:
        honest = self._honest.headers | (replaced or {})
        given = [*honest.items(), *headers]
        return Attack(name, given, query, self._honest.body if body is None else body, authenticated)


def _joined(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def sent(site: Site, honest: Honest, attack: Attack) -> falcon.testing.Result:
    """What the application answers."""
    return site.client.simulate_request(
        honest.method, honest.path, headers=attack.headers, query_string=attack.query, body=attack.body
    )
