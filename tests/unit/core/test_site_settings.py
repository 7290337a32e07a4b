from __future__ import annotations

import re
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.site_settings import SCHEMA, check_settings

PATTERN = SCHEMA["properties"]["contact_addresses"]["items"]["pattern"]


def problems(*addresses: str) -> list[str]:
    return [problem.pointer for problem in check_settings({"contact_addresses": list(addresses)})]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.co", "ada.lovett@example.com", "o'brien+privacy@mail.example.co.uk", "x@xn--bcher-kva.example",
        "first_last-%@1a.example",
    ],
)  # fmt: skip
def test_addresses_that_people_have_are_accepted(address: str) -> None:
    assert problems(address) == []


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "a@", "@b.co", "a@b", "a b@c.de", "a@b..co", "a@-b.co", "a@b-.co", ".a@b.co", "a.@b.co",
        "a..b@c.de", "a@b.co\n", "a@b.co\r\nBcc: eve@evil.example", "Ada <a@b.co>", "a@b.co,c@d.co",
        "a@b@c.de", '"a b"@c.de', "a@[127.0.0.1]", "ä@example.com", "a@bücher.example", "a@b.co;c",
        "a\0@b.co", f"{'a' * 250}@b.co",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    assert problems("good@example.com", address) == ["/contact_addresses/1"]


@given(st.from_regex(re.compile(PATTERN[1:-1], re.ASCII), fullmatch=True).filter(lambda a: len(a) < 255))
def test_an_accepted_address_is_one_address_of_a_message(address: str) -> None:
    assert problems(address) == []
    assert Address(addr_spec=address).addr_spec == address
    assert not re.search(r"[\s<>,;:\"()\\\[\]]", address)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_judged_without_failing(text: str) -> None:
    found = problems(text)

    assert found in ([], ["/contact_addresses/0"])
    assert (found == []) == (re.fullmatch(PATTERN, text, re.ASCII) is not None and not text.endswith("\n"))
