"""The collaborators that resources are built from."""

from dataclasses import dataclass

import redis

from core.database import Database
from core.install_keys import InstallKeys
from core.jira import Jira
from core.outbound import Outbound
from core.personal_data.hashes import Returns
from core.rates import Rates
from core.reports import Reports
from core.rights import Rights
from core.secrets import Secrets
from core.settings import Settings
from core.tenants import Tenants


@dataclass(frozen=True)
class Services:
    """What a resource may use; each takes only its own part."""

    settings: Settings
    database: Database
    redis: redis.Redis
    rates: Rates
    tenants: Tenants
    reports: Reports
    rights: Rights
    install_keys: InstallKeys
    returns: Returns


def services_of(settings: Settings, database: Database) -> Services:
    """All collaborators of these settings over one database. Connects to nothing yet."""
    # Jira waits five seconds for what a callback needs a key for.
    key_server = Outbound(ca_file=settings.ca_file, timeout=3.0, max_bytes=16_384)
    # Some people are in a thousand groups, each with its name and address in Jira's answer.
    jira = Jira(Outbound(ca_file=settings.ca_file, max_bytes=1_048_576), app_key=settings.app_key)
    rights = Rights(jira)
    secrets = Secrets(settings.secret_keys)
    return Services(
        settings=settings,
        database=database,
        redis=redis.Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2),
        rates=Rates(settings.redis_url),
        tenants=Tenants(database, secrets),
        reports=Reports(database, rights),
        rights=rights,
        install_keys=InstallKeys(settings.install_keys_url, key_server),
        returns=Returns(database, secrets),
    )
