"""Our API, in which one account may ask as often as it can: to measure what one question costs."""

import os
from dataclasses import replace

from api import access_log
from api.app import create_app, database_of
from api.problems import App
from api.services import services_of
from core.rates import Quota, Rates
from core.settings import Settings


def get_app() -> App:
    """The application of the environment's settings. Requests are counted as ever."""
    settings = Settings.from_environment(os.environ)
    log = access_log.configure(settings.log_level)
    quota = Quota(burst=1_000_000, per_second=1_000_000)
    rates = Rates(settings.redis_url, account=quota, tenant=quota)
    return create_app(replace(services_of(settings, database_of(settings)), rates=rates), log)
