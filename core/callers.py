"""Who is calling, however the call came in."""

from dataclasses import dataclass
from typing import Literal

from core.tenants import Tenant

Host = Literal["connect", "forge"]


@dataclass(frozen=True)
class Caller:
    """A person of a site, proven by a token that the site's host signed."""

    tenant: Tenant
    account_id: str
    host: Host
