"""The HTTP API under load, beside an app on atlassian-connect-express that does the same work."""

from bench.api import list_route, steady, tenants
from bench.api.servers import running_servers
from bench.result import Result


def measure() -> list[Result]:
    """All benchmarks of the API, over one PostgreSQL and one Redis of their own."""
    with running_servers() as servers:
        return [result for part in (list_route, tenants, steady) for result in part.measure(servers)]
