from __future__ import annotations

import re
from pathlib import Path

from core.reports.listing import LONGEST_SEARCH

CLIENT = Path(__file__).parents[3] / "static-client" / "src" / "server" / "reports.ts"


def test_the_client_sends_no_longer_search_than_the_api_takes() -> None:
    found = re.findall(r"LONGEST_SEARCH = (\d+);", CLIENT.read_text("utf-8"))

    assert found == [str(LONGEST_SEARCH)]
