from __future__ import annotations

import pytest

from api.services import Services
from tests.integration.api.conformance import SEEDS, must_conform
from tests.integration.api.connect_site import Answering, Site


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_api_does_for_an_administrator_what_its_description_says(
    services: Services, site: Site, jira: Answering, seed: int
) -> None:
    must_conform(services, site, jira, permissions=["ADMINISTER"], seed=seed)
