"""An embedded Redis server: loopback TCP with a password, its data in a folder of its own."""

import socket
from dataclasses import dataclass
from pathlib import Path

from cli.local.account import Account, own_file, own_folder
from cli.local.part import Part, path_for

DATABASES = 64


@dataclass(frozen=True)
class Redis:
    """A server in `folder`, which belongs to `account`."""

    folder: Path
    program: Path
    account: Account | None
    port: int
    password: str

    @property
    def url(self) -> str:
        """The address of its first database."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """The address of one of its databases, 0 to `DATABASES` - 1."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Makes the folder and writes the settings; the password must not stand in the process list."""
        own_folder(self.folder, self.account)
        content = (
            f"port {self.port}\n"
            "bind 127.0.0.1\n"
            f"requirepass {self.password}\n"
            f"databases {DATABASES}\n"
            "daemonize no\n"
            'save ""\n'  # it keeps nothing that cannot be lost
            "loglevel warning\n"
            f"dir {path_for(self.folder, self.account)}\n"
        )
        own_file(self.folder / "redis.conf", content, self.account)

    def part(self) -> Part:
        """The server as a part to run."""
        place = path_for(self.folder, self.account)
        return Part(
            name="redis",
            command=[str(self.program), f"{place}/redis.conf"],
            folder=self.folder,
            account=self.account,
            ready=self.answers,
        )

    def answers(self) -> bool:
        """Whether the server answers a ping."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while chunk := connection.recv(64):
                    answer += chunk
                    if b"PONG" in answer or answer.count(b"\r\n") > 1:
                        return b"PONG" in answer
        except OSError:
            return False
        return False
