from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.site import pictures


@pytest.mark.parametrize(
    ("name", "initials"), [("Ada Lovett", "AL"), ("Sinéad O'Rourke", "SO"), ("נועה לוי", "נל"), ("X", "X")]
)
def test_an_avatar_shows_initials(name: str, initials: str) -> None:
    assert f">{initials}</text>" in pictures.avatar(name)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1))
def test_every_name_gives_well_formed_pictures(name: str) -> None:
    for picture in (pictures.avatar(name), pictures.project_mark(name), pictures.type_icon(name)):
        Xml.fromstring(picture)  # noqa: S314 - our own output


def test_the_first_priority_points_up_and_the_last_down() -> None:
    up, middle, down = (pictures.priority_icon(rank, 5) for rank in (0, 2, 4))
    assert len({up, middle, down}) == 3
    assert pictures.priority_icon(0, 1) == up
