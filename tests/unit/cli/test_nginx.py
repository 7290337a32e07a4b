from __future__ import annotations

import pytest

from cli.local.nginx import SOURCES, origin, render


def test_values_stand_where_their_names_did() -> None:
    assert render("listen ${LISTEN} ssl;", {"LISTEN": "127.0.0.1:8443"}) == "listen 127.0.0.1:8443 ssl;"


def test_the_variables_of_nginx_stay() -> None:
    text = "return 308 https://$http_host$request_uri; ~^(?<path_alone>[^?]*) $path_alone ${uri}"
    assert render(text, {}) == text


def test_a_name_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="MISSING"):
        render("${MISSING}", {})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://connect-cdn.atl-paas.net/all.js", "https://connect-cdn.atl-paas.net"),
        ("https://localhost:9443/all.js?x=1", "https://localhost:9443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, expected: str) -> None:
    assert origin(url) == expected


def test_the_templates_need_no_module_that_a_small_nginx_lacks() -> None:
    for template in (SOURCES / "templates").glob("*.template"):
        directives = [line.split()[0] for line in template.read_text().splitlines() if line.strip()]
        assert not {"gzip_static", "brotli", "brotli_static", "more_set_headers"} & set(directives)
