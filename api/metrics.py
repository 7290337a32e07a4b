"""What the API counts, for whoever runs the service (Prometheus).

Labels hold routes' templates and our own words, never anything that a request brought along.
"""

from prometheus_client import Counter

# Reasons are sentences of ours. Should one ever hold something of a request, it must not make a series each.
_MOST_REASONS = 64
_OTHER = "other"

_STRANGERS = Counter(
    "sightline_strangers_refused",
    "Requests refused for lack of proof of who is calling",
    ["route", "reason"],
)
_known: set[str] = set()


def count_stranger(route: str, reason: str) -> None:
    """One more request without proof of who is calling; `route` is the method and the route's template."""
    if reason not in _known and len(_known) >= _MOST_REASONS:
        reason = _OTHER
    _known.add(reason)
    _STRANGERS.labels(route, reason).inc()
