"""What the stand-in remembers between runs: its signing key and the installations, in one private file."""

from __future__ import annotations

import json
import os
import secrets
import threading
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

FILE_NAME = "demo.json"
MAIN = "main"


@dataclass(frozen=True)
class Installation:
    """One installation of the app. Each stands for a site of its own: it has a client key and a secret."""

    name: str
    client_key: str
    shared_secret: str
    state: str = "pending"  # then installed, disabled, uninstalled

    @property
    def is_active(self) -> bool:
        """Whether the app may call Jira and be called by its pages."""
        return self.state == "installed"

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Installation({self.name!r}, {self.client_key!r}, {self.state!r})"


@dataclass(frozen=True)
class SigningKey:
    """The RSA pair that signs install callbacks; the private half never leaves this process and its file."""

    id: str
    private_pem: str

    @property
    def public_pem(self) -> str:
        """What `GET /install-keys/<id>` answers."""
        private = serialization.load_pem_private_key(self.private_pem.encode(), password=None)
        return (
            private.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    def __repr__(self) -> str:
        """Without the private half."""
        return f"SigningKey({self.id!r})"


def new_signing_key() -> SigningKey:
    """A fresh RSA pair of 2,048 bits under a fresh id."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey(str(uuid.uuid4()), pem.decode())


def new_secret() -> str:
    """A shared secret as an installation gets it, 64 characters of hex."""
    return secrets.token_hex(32)


class DemoState:
    """The file `demo.json` (mode 0600) and its content in memory. Thread safe.

    Client keys outlive restarts, as those of a real site do, and with them the tenant's reports.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        if self._path.exists():
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            self.signing_key = SigningKey(**stored["signing_key"])
            self._installations = {entry["name"]: Installation(**entry) for entry in stored["installations"]}
        else:
            self.signing_key = new_signing_key()
            self._installations = {}
            self._write()

    def installations(self) -> list[Installation]:
        """All installations, the main one first."""
        with self._lock:
            return list(self._installations.values())

    def find(self, name: str) -> Installation | None:
        """The installation of that name."""
        with self._lock:
            return self._installations.get(name)

    def find_or_add(self, name: str) -> Installation:
        """The installation of that name, a fresh one with a client key of its own if there is none."""
        with self._lock:
            if name not in self._installations:
                self._installations[name] = Installation(name, str(uuid.uuid4()), new_secret())
                self._write()
            return self._installations[name]

    def change(self, name: str, *, state: str, shared_secret: str | None = None) -> Installation:
        """Records a new state, and with it a new secret where one is given."""
        with self._lock:
            changed = replace(self._installations[name], state=state)
            if shared_secret is not None:
                changed = replace(changed, shared_secret=shared_secret)
            self._installations[name] = changed
            self._write()
            return changed

    def _write(self) -> None:
        content = {
            "signing_key": asdict(self.signing_key),
            "installations": [asdict(entry) for entry in self._installations.values()],
        }
        draft = self._path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        # Created private rather than made private afterwards: there is no moment in which others can read it.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=1)
        draft.replace(self._path)
