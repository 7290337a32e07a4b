"""The address under which Jira opens a page of the app in its iframe.

Source: Atlassian's pages on context parameters and on cacheable iframes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from demo.connect.descriptor import Descriptor, Module
from demo.connect.state import Installation
from demo.connect.tokens import request_token

_VARIABLE = re.compile(r"\{([^{}]+)\}")


def page_url(
    module: Module,
    *,
    descriptor: Descriptor,
    installation: Installation,
    account_id: str | None,
    site_url: str,
    bridge_version: str,
    variables: Mapping[str, str],
) -> str:
    """Cacheable pages are opened straight; others get context variables, the standard ones and a token.

    `variables` holds what the place knows, e.g. `project.key`, and `ac.…` parameters of the address; unknown
    variables become empty.
    """
    if module.cacheable:
        return descriptor.base_url + module.url
    path = _VARIABLE.sub(lambda match: quote(variables.get(match[1], ""), safe=""), module.url)
    standard = {
        "xdm_e": site_url,
        "xdm_c": f"channel-{descriptor.key}__{module.key}",
        "cp": "",
        "lic": "active" if descriptor.licensed else "none",
        "cv": bridge_version,
    }
    custom = {name: value for name, value in variables.items() if name.startswith("ac.")}
    path += ("&" if "?" in path else "?") + urlencode(standard | custom)
    base_path = urlsplit(descriptor.base_url).path
    token = request_token(
        issuer=installation.client_key,
        shared_secret=installation.shared_secret,
        method="GET",
        target=base_path + path,
        base_path=base_path,
        account_id=account_id,
    )
    return f"{descriptor.base_url}{path}&jwt={token}"
