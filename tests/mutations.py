"""Texts that were right once: what a fuzzer changes about tokens, their claims and requests."""

from __future__ import annotations

import base64
import json
import os
from random import Random, SystemRandom
from typing import Any

STRANGE = [
    "", "\0", "\ud800", "\udfff", "\ufeff", "\u202e", "é", "e\u0301", "😀", "%", "%0", "%00", "%zz", "%ff",
    "%c3%28", "%2e%2e", "+", "&", "=", ";", "/", "//", "\\", "..", "#", "?", ",", "'", '"', "<", "jwt",
    "jwt=x", "\r\n", "\t", "a" * 300,
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, -1, 1 << 31, 1 << 37, 1 << 40, 1 << 63, 10**30, 10**400, -(10**400), 0.5, 1e308,
    float("nan"), float("inf"), "", "0", [], [[]], {}, {"a": 1}, "context-qsh", "none", "HS256", "RS256",
    ["HS256"], "site", "ada", "https://reports.example.com", *STRANGE,
]  # fmt: skip
CLAIMS = ["iss", "sub", "iat", "exp", "nbf", "qsh", "aud", "context", "jti", "x"]
HEADERS = ["alg", "kid", "typ", "crit", "b64", "jku", "jwk", "x5u", "cty", "zip", "x"]


LONG = bool(os.environ.get("SOAK"))


def seed_of(number: int) -> int:
    """The seed of a numbered case: always the same, but any in a long run, where a failure names it."""
    # Drawn in the test and not where it is collected, as each worker process collects for itself.
    return SystemRandom().randrange(1 << 32) if LONG else number


class Mutator:
    """Changes things; the same seed makes the same changes."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret
        self.choice = self._random.choice
        self.chance = self._random.random

    def token(self, header: dict[str, Any], claims: dict[str, Any]) -> tuple[str, str]:
        """Header and claims in base64, like these but for what was changed on the way."""
        header, claims = dict(header), dict(claims)
        for _ in range(self._random.randrange(3)):
            self._member(header, HEADERS)
        for _ in range(self._random.randrange(4)):
            self._member(claims, CLAIMS)
        return self._part(header), self._part(claims)

    def text(self, text: str) -> str:
        """A text with pieces put in, taken out, doubled or exchanged."""
        for _ in range(1 + self._random.randrange(3)):
            text = self._changed(text)
        return text

    def bytes(self, data: bytes) -> bytes:
        """Bytes with some of them changed."""
        changed = bytearray(data)
        for _ in range(1 + self._random.randrange(3)):
            place = self._random.randrange(len(changed) + 1)
            kind = self._random.randrange(3)
            if kind == 0:
                changed[place:place] = self._random.randbytes(1)
            elif kind == 1:
                del changed[place : place + 1 + self._random.randrange(4)]
            else:
                changed[place : place + 1] = self._random.randbytes(1)
        return bytes(changed)

    def _member(self, members: dict[str, Any], names: list[str]) -> None:
        name = self.choice(names)
        kind = self._random.randrange(4)
        if kind == 0:
            members.pop(name, None)
        elif kind == 1 and isinstance(members.get(name), str):
            members[name] = self.text(members[name])
        else:
            members[name] = self.choice(VALUES)

    def _part(self, value: dict[str, Any]) -> str:
        """JSON in base64, sometimes damaged on the way."""
        text = json.dumps(value, ensure_ascii=self.chance() < 0.8)
        kind = self._random.randrange(12)
        if kind == 0:
            text = self._changed(text)
        elif kind == 1:
            depth = self._random.randrange(1200)
            text = text[:-1] + ',"x":' + "[" * depth + "]" * (depth - self._random.randrange(2)) + "}"
        elif kind == 2:
            text = text[:-1] + "," + text[1:]
        data = text.encode(self.choice(["utf-8"] * 9 + ["utf-16"]), "surrogatepass")
        if kind == 3:
            data = self.bytes(data)
        part = base64.urlsafe_b64encode(data).decode().rstrip("=")
        return self._changed(part) if kind == 4 else part

    def _changed(self, text: str) -> str:
        start = self._random.randrange(len(text) + 1)
        end = min(len(text), start + self._random.randrange(4))
        kind = self._random.randrange(4)
        if kind == 0:
            return text[:start] + self.choice(STRANGE) + text[end:]
        if kind == 1:
            return text[:start] + text[end:]
        if kind == 2:
            return text[:end] + text[start:]
        return text[:start] + chr(self._random.randrange(0x250)) + text[end:]
