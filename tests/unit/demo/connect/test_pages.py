from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import jwt

from demo.connect.descriptor import Descriptor, Module
from demo.connect.pages import page_url
from demo.connect.state import Installation
from demo.connect.tokens import query_string_hash

SECRET = "s" * 64
DESCRIPTOR = Descriptor(
    key="com.example", name="E", base_url="https://app.example/base", vendor="", licensed=True,
    scopes=frozenset({"READ"}), lifecycle={},
)  # fmt: skip


def _url(module: Module, **variables: str) -> str:
    return page_url(
        module,
        descriptor=DESCRIPTOR,
        installation=Installation("main", "site", SECRET, "installed"),
        account_id="7:a",
        site_url="https://localhost:9443",
        bridge_version="5.3.190",
        variables=variables,
    )


def test_a_cacheable_page_is_opened_as_it_stands() -> None:
    module = Module("generalPages", "main", "Main", "/page.html", cacheable=True)
    assert _url(module, **{"project.key": "P"}) == "https://app.example/base/page.html"


def test_other_pages_get_variables_and_the_standard_parameters() -> None:
    url = _url(
        Module("jiraReports", "r", "R", "/p.html?k={project.key}&x={unknown}"), **{"project.key": "A&B"}
    )
    query = parse_qs(urlsplit(url).query, keep_blank_values=True)
    assert query["k"] == ["A&B"]
    assert query["x"] == [""]
    assert query["xdm_e"] == ["https://localhost:9443"]
    assert query["xdm_c"] == ["channel-com.example__r"]
    assert (query["cp"], query["lic"], query["cv"]) == ([""], ["active"], ["5.3.190"])


def test_custom_parameters_of_the_address_reach_the_page() -> None:
    url = _url(Module("generalPages", "g", "G", "/p.html"), **{"ac.report": "42", "project.key": "P"})
    query = parse_qs(urlsplit(url).query)
    assert query["ac.report"] == ["42"]
    assert "project.key" not in query


def test_the_token_is_bound_to_the_address_without_the_base_path() -> None:
    url = _url(Module("jiraReports", "r", "R", "/p.html?k={project.key}"), **{"project.key": "P"})
    parts = urlsplit(url)
    claims = jwt.decode(parse_qs(parts.query)["jwt"][0], SECRET, algorithms=["HS256"])
    assert (claims["iss"], claims["sub"]) == ("site", "7:a")
    assert claims["qsh"] == query_string_hash("GET", f"{parts.path}?{parts.query}", "/base")
