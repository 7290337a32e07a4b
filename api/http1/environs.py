"""What a WSGI application is told of a request (PEP 3333)."""

import io
import sys
from urllib.parse import unquote_to_bytes

from api.http1.answers import Environ
from api.http1.requests import Request

Address = tuple[str, int] | str | bytes  # of a socket in the file system it is a path, mostly an empty one


class Environs:
    """Environs of one connection's requests. `trusted` is a client that may say that it was asked by TLS."""

    def __init__(self, client: Address, server: Address, *, trusted: bool) -> None:
        self._trusted = trusted
        host, port = client[:2] if isinstance(client, tuple) else ("", "")
        name, own_port = server[:2] if isinstance(server, tuple) else ("localhost", "")
        self._shared: Environ = {
            "REMOTE_ADDR": host,
            "REMOTE_PORT": str(port),
            "SERVER_NAME": name,
            "SERVER_PORT": str(own_port),
            "SCRIPT_NAME": "",
            "wsgi.version": (1, 0),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def of(self, request: Request) -> Environ:
        """A request's, for the application to change as it likes."""
        path = unquote_to_bytes(request.path) if b"%" in request.path else request.path
        secure = self._trusted and request.headers.get("HTTP_X_FORWARDED_PROTO") == "https"
        return {
            **self._shared,
            **request.headers,
            "REQUEST_METHOD": request.method,
            "PATH_INFO": path.decode("latin-1"),
            "QUERY_STRING": request.query,
            "SERVER_PROTOCOL": f"HTTP/{request.version}",
            "wsgi.url_scheme": "https" if secure else "http",
            "wsgi.input": io.BytesIO(b"".join(request.body)),
        }
