"""`python -m tests.api_document`: writes what is generated of the API's description.

`docs/openapi.json` is the document that the service serves, from which the client's types are made;
`docs/api.md` is the same as a page.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from api.app import all_routes
from api.openapi.document import document
from api.services import services_of
from core.database import Database
from core.setting_types import new_secret_key
from core.settings import Settings
from tests.api_page import page_of
from tests.steps import ROOT

DOCUMENT = ROOT / "docs" / "openapi.json"
PAGE = ROOT / "docs" / "api.md"


def described() -> dict[str, Any]:
    """The document, without any server: what it says depends on no setting."""
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://sightline_api@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1",
            "SECRET_KEYS": new_secret_key(),
        }
    )
    made: dict[str, Any] = json.loads(
        json.dumps(document(all_routes(services_of(settings, Database(settings.database_url)))))
    )
    return made


def texts() -> dict[str, str]:
    """The content of each file, by its address below the repository."""
    made = described()
    return {
        str(DOCUMENT.relative_to(ROOT)): f"{json.dumps(made, indent=1, ensure_ascii=False)}\n",
        str(PAGE.relative_to(ROOT)): page_of(made),
    }


def main() -> None:
    """Writes the files."""
    for name, text in texts().items():
        (ROOT / name).write_text(text, "utf-8")
        sys.stdout.write(f"Wrote {name}\n")


if __name__ == "__main__":
    main()
