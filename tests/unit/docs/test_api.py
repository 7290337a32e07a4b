from __future__ import annotations

import pytest

from tests.api_document import texts
from tests.steps import ROOT

TEXTS = texts()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_what_is_generated_of_the_api_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == TEXTS[name], "run: make api"
