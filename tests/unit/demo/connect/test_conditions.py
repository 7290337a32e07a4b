from __future__ import annotations

from typing import Any

import pytest

from demo.connect.conditions import Viewer, are_met

ADMIN = Viewer(is_signed_in=True, is_admin=True, is_licensed=True)
PERSON = Viewer(is_signed_in=True, is_admin=False, is_licensed=True)
NOBODY = Viewer(is_signed_in=False, is_admin=False, is_licensed=True)
IS_ADMIN = {"condition": "user_is_admin"}
SIGNED_IN = {"condition": "user_is_logged_in"}


@pytest.mark.parametrize(
    ("conditions", "viewer", "shown"),
    [
        ([], NOBODY, True),
        ([SIGNED_IN], NOBODY, False),
        ([SIGNED_IN, IS_ADMIN], PERSON, False),
        ([SIGNED_IN, IS_ADMIN], ADMIN, True),
        ([{"condition": "user_is_admin", "invert": True}], PERSON, True),
        ([{"or": [IS_ADMIN, SIGNED_IN]}], PERSON, True),
        ([{"and": [IS_ADMIN, SIGNED_IN]}], PERSON, False),
        ([{"condition": "never_heard_of"}], ADMIN, False),
        ([{"condition": "never_heard_of", "invert": True}], ADMIN, False),
    ],
)
def test_a_module_is_shown_where_all_conditions_hold(
    conditions: list[dict[str, Any]], viewer: Viewer, shown: bool
) -> None:
    assert are_met(conditions, viewer) is shown
