"""`sightline secrets rotate`: seals every site's shared secret under the newest key."""

import argparse
import functools
import json
import os
import sys

from core.rotation import Rotated, RotationImpossible, rotate_secrets
from core.secrets import Secrets
from core.settings import Settings

_HELP = """\
Seals every site's shared secret anew under the first key of SECRET_KEYS, so that older keys can be removed.

To change the key:
  1. Put a new key (32 random bytes in base64) in front: SECRET_KEYS=new,old. Restart api and worker.
  2. Run this command. It can run while sites are in use, and again where it was interrupted.
  3. When it ends well, wait until files under the old key are gone: exports live for EXPORT_TTL, and a
     backup can only be used with the keys of its time.
  4. Set SECRET_KEYS=new and restart api and worker.

Needs OWNER_DATABASE_URL and SECRET_KEYS. Ends with 1 where a secret is left under another key: one that opens
with none of the keys names its site, which has to install the app again.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `secrets rotate` to the command line."""
    secrets = commands.add_parser("secrets", help="the sites' shared secrets", description="Shared secrets.")
    actions = secrets.add_subparsers(required=True, metavar="ACTION")
    rotate = actions.add_parser(
        "rotate",
        help="seal every site's shared secret under the newest key",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rotate.add_argument("--json", action="store_true", help="print the outcome as JSON")
    rotate.set_defaults(command=rotate_command)


def rotate_command(options: argparse.Namespace) -> int:
    """Runs the rotation and tells how it went; the exit status."""
    settings = Settings.from_environment(os.environ, needs=["OWNER_DATABASE_URL", "SECRET_KEYS"])
    secrets = Secrets(settings.secret_keys)
    progress = functools.partial(print, "Sealed so far:", file=sys.stderr)
    try:
        rotated = rotate_secrets(
            settings.owner_database_url, secrets, progress=(lambda _: None) if options.json else progress
        )
    except RotationImpossible as error:
        print(f"sightline: the secrets could not be rotated: {error}", file=sys.stderr)
        return 1
    print(json.dumps(_members(rotated, secrets)) if options.json else _sentences(rotated, secrets))
    return 1 if rotated.left or rotated.unreadable else 0


def _members(rotated: Rotated, secrets: Secrets) -> dict[str, object]:
    return {
        "key": secrets.newest,
        "done": rotated.done,
        "left": rotated.left,
        "unreadable": [str(tenant_id) for tenant_id in rotated.unreadable],
    }


def _sentences(rotated: Rotated, secrets: Secrets) -> str:
    lines = [f"{rotated.done} sealed anew under the key {secrets.newest}."]
    if rotated.left:
        lines.append(f"{rotated.left} came meanwhile under another key; run this again.")
    if rotated.unreadable:
        lines.append(f"{len(rotated.unreadable)} open with none of SECRET_KEYS; their sites:")
        lines.extend(f"  {tenant_id}" for tenant_id in rotated.unreadable)
    if not rotated.left and not rotated.unreadable:
        lines.append("All secrets are under this key.")
    return "\n".join(lines)
