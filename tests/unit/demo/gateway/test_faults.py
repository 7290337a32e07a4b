from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.gateway.faults import NO_TOKEN, REPEAT_TOKEN, FaultRates, Faults, fault_rates, spoil_token


def test_rates_are_read_in_the_order_given() -> None:
    assert fault_rates("429:0.05, 500:0.01,drop:0.01").rates == (("429", 0.05), ("500", 0.01), ("drop", 0.01))


@pytest.mark.parametrize("text", ["", "none", "  "])
def test_no_faults_can_be_said_in_words(text: str) -> None:
    assert fault_rates(text).rates == ()


@pytest.mark.parametrize(
    "text", ["429", "200:0.1", "429:2", "429:-0.1", "crash:0.1", "429:0.1;500:0.1", "429:.5"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be like"):
        fault_rates(text)


def test_more_faults_than_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 1"):
        fault_rates("429:0.6,500:0.6")


def test_equal_seeds_give_equal_faults() -> None:
    rates = fault_rates("429:0.2,drop:0.1")
    first, second = Faults(rates, 7), Faults(rates, 7)
    assert [first.draw() for _ in range(200)] == [second.draw() for _ in range(200)]


def test_faults_come_about_as_often_as_asked() -> None:
    faults = Faults(fault_rates("429:0.2,500:0.1"), 1)
    drawn = [faults.draw() for _ in range(5_000)]
    assert 850 < drawn.count("429") < 1150
    assert 400 < drawn.count("500") < 600


def test_new_rates_apply_from_the_next_call_on() -> None:
    faults = Faults(fault_rates("500:1"), 1)
    assert faults.draw() == "500"
    faults.replace(FaultRates())
    assert faults.draw() is None


@given(
    st.dictionaries(
        st.sampled_from(["429", "500", "503", "drop", REPEAT_TOKEN, NO_TOKEN]),
        st.floats(0, 0.16).map(lambda x: round(x, 6)),
    )
)
def test_rates_survive_being_written_and_read(rates: dict[str, float]) -> None:
    written = ",".join(f"{kind}:{rate:.6f}" for kind, rate in rates.items())
    assert dict(fault_rates(written).rates) == rates


PAGE = {"issues": [{"id": "1"}], "isLast": False, "nextPageToken": "next"}


@pytest.mark.parametrize(
    ("kind", "asked", "token"),
    [(REPEAT_TOKEN, "asked", "asked"), (REPEAT_TOKEN, None, None), (NO_TOKEN, "asked", None)],
)
def test_a_spoilt_page_leads_nowhere_and_says_that_it_is_not_the_last(
    kind: str, asked: str | None, token: str | None
) -> None:
    spoilt = json.loads(spoil_token(kind, asked, json.dumps(PAGE).encode()))
    assert spoilt.get("nextPageToken") == token
    assert spoilt["isLast"] is False
    assert spoilt["issues"] == PAGE["issues"]


@pytest.mark.parametrize("answer", [b'{"issues":[],"isLast":true}', b'{"count":3}', b"[1]"])
def test_an_answer_without_a_next_page_cannot_be_spoilt(answer: bytes) -> None:
    assert spoil_token(NO_TOKEN, "asked", answer) == answer
