from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.qsh import canonical_request, query_string_hash

HOST_PAGE = (
    "lic=none&tz=Australia%2FSydney&cp=%2Fjira&user_key=&loc=en-US&user_id=&jwt=ey.J.x"
    "&xdm_e=http%3A%2F%2Fstorm%3A2990&xdm_c=channel-servlet-hello-world&xdm_p=1"
)


@pytest.mark.parametrize(
    ("method", "path", "query", "expected"),
    [
        ("GET", "", "", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
        ("get", "/", "", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
        ("GET", "/path", "", "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"),
        ("GET", "/path/", "", "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"),
        ("GET", "/path/to/service", "zee_last=param&repeated=parameter 1&first=param&repeated=parameter 2",
         "e52bb281606c3bd9ca16cfe96fe2df78f5d9ffa126f06befd750dfa10fa1a897"),
        ("GET", "/path/to/service",
         "zee_last=param&repeated=parameter+1&first=param&repeated=parameter%202&repeated=Parameter%202",
         "9ae6056cf66c00e76fa15e66fd26091fecd7356eec2f2c30629835b656799f66"),
        ("GET", "/hello-world", "a&b=foo&c",
         "05a07346264b590803b827ab297a7fcb7e250fe5fa8c66187a9131b0934496b2"),
        ("GET", "/test", "param=value", "be16910858a41fd19ea5c1b4e9decca9a784d1024cb00b2158defe2f29dc86dd"),
        ("GET", "/hello-world", HOST_PAGE,
         "8063ff4ca1e41df7bc90c8ab6d0f6207d491cf6dad7c66ea797b4614b71922e9"),
    ],
)  # fmt: skip
def test_published_requests_have_their_published_hashes(
    method: str, path: str, query: str, expected: str
) -> None:
    assert query_string_hash(method, path, query) == expected


def test_the_base_path_and_odd_characters_of_a_path_are_as_atlassian_has_them() -> None:
    path = "/jira/rest/api/2/project/jira&a=b&c=d"

    assert canonical_request("post", path, "x=y", base_path="/jira") == (
        "POST&/rest/api/2/project/jira%26a=b%26c=d&x=y"
    )
    assert query_string_hash("POST", path, "x=y", base_path="/jira/") == (
        "70db3b47a62c471526b51481ee17407771df153801674a5002c164e87ce056ae"
    )


@pytest.mark.parametrize(
    ("path", "base_path", "expected"),
    [
        ("/app/installed", "/app", "/installed"),
        ("/app", "/app", "/"),
        ("/app/", "/app", "/"),
        ("/apple", "/app", "/apple"),
        ("/other/app", "/app", "/other/app"),
        ("/a!$%26'()*+,;=b", "", "/a!$%26'()*+,;=b"),
        ("//", "", "/"),
        ("relative", "", "/relative"),
    ],
)
def test_a_base_path_is_cut_off_where_a_segment_ends(path: str, base_path: str, expected: str) -> None:
    assert canonical_request("GET", path, base_path=base_path) == f"GET&{expected}&"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ids=-1&ids=%3A1&ids=.1&ids=.2&ids=%3A2", "ids=-1,.1,.2,%3A1,%3A2"),
        ("ids=.1&ids=.2&ids=%3A1&ids=%3A2", "ids=.1,.2,%3A1,%3A2"),
        ("a=x,y&a=z", "a=x%2Cy,z"),
        ("b=1&B=2&A=3", "A=3&B=2&b=1"),
        ("a=~-._*!'()", "a=~-._%2A%21%27%28%29"),
        ("a=%7e%c3%a4", "a=~%C3%A4"),
        ("a=ä", "a=%C3%A4"),
        ("a+b=c+d", "a%20b=c%20d"),
        ("jwt=x&a=1&%6Awt=y", "a=1"),
        ("JWT=x", "JWT=x"),
        ("a=1&&b=2&", "a=1&b=2"),
        ("a=b=c", "a=b%3Dc"),
        ("=x", "=x"),
        ("a=%ff", "a=%FF"),
        ("a=%", "a=%25"),
    ],
)
def test_a_query_is_decoded_encoded_sorted_and_collapsed(query: str, expected: str) -> None:
    assert canonical_request("GET", "/p", query) == f"GET&/p&{expected}"


PAIRS = st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=8)), max_size=8).filter(
    lambda pairs: all(name != "jwt" for name, _ in pairs)
)


def written(pairs: list[tuple[str, str]], safe: str = "") -> str:
    return "&".join(f"{quote(name, safe=safe)}={quote(value, safe=safe)}" for name, value in pairs)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_parameters_does_not_count(pairs: list[tuple[str, str]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random

    assert canonical_request("GET", "/", written(pairs)) == canonical_request("GET", "/", written(shuffled))


@given(PAIRS)
def test_the_way_of_writing_a_character_does_not_count(pairs: list[tuple[str, str]]) -> None:
    loosely = written(pairs, safe="!*'()~/:@")

    assert canonical_request("GET", "/", written(pairs)) == canonical_request("GET", "/", loosely)


@given(PAIRS, st.text(max_size=20))
def test_the_token_itself_does_not_count(pairs: list[tuple[str, str]], token: str) -> None:
    with_token = f"{written(pairs)}&jwt={quote(token, safe='')}"

    assert canonical_request("GET", "/", with_token) == canonical_request("GET", "/", written(pairs))


@given(PAIRS, PAIRS)
def test_other_parameters_make_another_request(
    some: list[tuple[str, str]], others: list[tuple[str, str]]
) -> None:
    same = sorted(some) == sorted(others)

    assert (
        canonical_request("GET", "/", written(some)) == canonical_request("GET", "/", written(others))
    ) is same


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_request_has_a_hash(path: str, query: str) -> None:
    path, query = (text.encode("utf-8", "replace").decode() for text in (path, query))
    canonical = canonical_request("GET", path, query)

    assert canonical.startswith("GET&/")
    assert query_string_hash("GET", path, query) == hashlib.sha256(canonical.encode()).hexdigest()


@given(PAIRS, PAIRS)
def test_a_form_counts_as_more_of_the_query(some: list[tuple[str, str]], more: list[tuple[str, str]]) -> None:
    apart = canonical_request("POST", "/", written(some), form=written(more))

    assert apart == canonical_request("POST", "/", written(some + more))
    assert apart == canonical_request("POST", "/", written(more), form=written(some))


@pytest.mark.parametrize(("query", "form"), [("a=1&b=2", ""), ("", "a=1&b=2"), ("b=2", "a=1")])
def test_the_same_parameters_hash_the_same_wherever_they_are_sent(query: str, form: str) -> None:
    assert canonical_request("POST", "/p", query, form=form) == "POST&/p&a=1&b=2"


@given(st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=30))
def test_no_path_can_pass_for_a_query(path: str) -> None:
    canonical = canonical_request("GET", path)

    assert canonical.count("&") == 2
    assert canonical.endswith("&")
