"""What it costs to check a token, beside PyJWT's own `decode` of the same one with the checks that it knows.

PyJWT alone checks the signature, the times and the audience; ours also holds the token to one spelling, one
algorithm, one request, and to claims that a database can hold. In turn, on one thread, over tokens that
differ, so that nothing can be remembered; medians of the processor's time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.result import Result
from core.qsh import query_string_hash
from core.tokens import (
    require_algorithm,
    unverified_issuer,
    unverified_key_id,
    verify_context_token,
    verify_install_token,
)

SECRET = "a shared secret that is as long as those which Jira sends us, more or less"  # noqa: S105 - of a benchmark
BASE_URL = "https://reports.example.com"
APP_KEY = "com.sightline.reports"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
QSH = query_string_hash("POST", "/connect/installed")
PAGE = (
    "lic=none&tz=Australia%2FSydney&cp=%2Fjira&user_key=&loc=en-US&user_id=&xdm_e=https%3A%2F%2Facme.atlassian.net"
    "&xdm_c=channel-page&xdm_p=1&ids=3&ids=1&ids=2"
)
TOKENS, ROUNDS = 200, 25
PYJWT = f"PyJWT {jwt.__version__} decode alone"
CONTEXT_MICROSECONDS, INSTALL_MICROSECONDS, HASH_MICROSECONDS = 50.0, 150.0, 100.0

Work = Callable[[str], object]


def measure() -> list[Result]:
    """Microseconds for each kind of token, and for a query string hash."""
    now = time.time()
    context = [_context(number, now) for number in range(TOKENS)]
    install = [_install(number, now) for number in range(TOKENS)]
    paths = [f"/rest/api/3/issue/{number}" for number in range(TOKENS)]
    ours, theirs = _in_turn(context, lambda token: _our_context(token, now), _their_context)
    our_install, their_install = _in_turn(install, lambda token: _our_install(token, now), _their_install)
    (hashing,) = _in_turn(paths, lambda path: query_string_hash("GET", path, PAGE))
    return [
        _against(
            "check a context token (HS256), as a call from the iframe needs it",
            ours,
            theirs,
            CONTEXT_MICROSECONDS,
        ),
        _against("check an installation's token (RS256)", our_install, their_install, INSTALL_MICROSECONDS),
        _alone("hash a request with 13 parameters", hashing, HASH_MICROSECONDS),
    ]


def _context(number: int, now: float) -> str:
    claims = {"iss": "1f2e3d4c-0000-4000-8000-000000000000", "sub": f"557058:{number}", "qsh": "context-qsh"}
    return jwt.encode(claims | {"iat": int(now), "exp": int(now) + 900}, SECRET, algorithm="HS256")


def _install(number: int, now: float) -> str:
    claims = {"iss": f"site-{number}", "aud": BASE_URL, "qsh": QSH, "iat": int(now), "exp": int(now) + 180}
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "0f1e2d3c-0000-4000-8000-000000000000"})


def _our_context(token: str, now: float) -> object:
    require_algorithm(token, "HS256")
    unverified_issuer(token)
    return verify_context_token(token, SECRET, audiences=(BASE_URL, APP_KEY), now=now)


def _their_context(token: str) -> object:
    return jwt.decode(token, SECRET, algorithms=["HS256"], leeway=60, options={"require": ["iss", "exp"]})


def _our_install(token: str, now: float) -> object:
    require_algorithm(token, "RS256")
    unverified_key_id(token)
    return verify_install_token(token, KEY.public_key(), base_url=BASE_URL, qsh=QSH, now=now)


def _their_install(token: str) -> object:
    return jwt.decode(token, KEY.public_key(), algorithms=["RS256"], audience=BASE_URL, leeway=60)


def _in_turn(inputs: Sequence[str], *works: Work) -> list[float]:
    """Median microseconds of each work for one input, the works taking turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for found, work in zip(times, works, strict=True):
            began = time.process_time()
            for text in inputs:
                work(text)
            found.append((time.process_time() - began) / len(inputs) * 1e6)
    return [statistics.median(found) for found in times]


def _against(name: str, ours: float, theirs: float, most: float) -> Result:
    return Result(
        name=name,
        value=round(ours, 1),
        unit="µs",
        bound=f"at most {most:g} µs, and no more than the signature and times alone",
        met=ours <= most and ours <= theirs,
        peer=PYJWT,
        peer_value=round(theirs, 1),
        ratio=round(theirs / ours, 2),
    )


def _alone(name: str, ours: float, most: float) -> Result:
    return Result(name=name, value=round(ours, 1), unit="µs", bound=f"at most {most:g} µs", met=ours <= most)
