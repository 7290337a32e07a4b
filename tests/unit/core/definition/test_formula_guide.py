from __future__ import annotations

import re

import pytest

from core.definition.functions import FUNCTIONS
from core.definition.parser import DEEPEST, LONGEST, MOST_OPERATIONS
from tests.formula_guide import PAGE, page


def test_the_guide_lists_the_functions_of_the_table() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.formula_guide"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_guide_has_an_entry_for_every_function(name: str) -> None:
    assert re.search(rf"^\*\*`{name}\(", PAGE.read_text("utf-8"), re.MULTILINE)


def test_the_guide_names_the_limits_that_hold() -> None:
    assert f"{LONGEST:,} characters, {MOST_OPERATIONS} operations and {DEEPEST} levels" in PAGE.read_text(
        "utf-8"
    )
