"""WSGI apps (PEP 3333)."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any, Callable, Optional
from urllib.parse import unquote_to_bytes

from spawnpoint.web.blocking import Exchange, asgi_app_of

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def wsgi_as_asgi(app: WsgiApp) -> Any:
    """The same app for an ASGI server."""
    return asgi_app_of(lambda exchange: _answer(app, exchange))


def _answer(app: WsgiApp, exchange: Exchange) -> None:
    head: list[Any] = []
    has_started = False

    def write(data: bytes) -> None:
        nonlocal has_started
        if not has_started:
            if not head:
                raise RuntimeError("The app returned a body before it called start_response.")
            has_started = True
            exchange.start(*head)
        exchange.write(data)

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Optional[Any] = None
    ) -> Callable[[bytes], None]:
        if exc_info is not None and has_started:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and head:
            raise RuntimeError("The app called start_response twice.")
        head[:] = [int(status.split(" ", 1)[0]), list(headers)]
        return write

    body = app(_environ(exchange), start_response)
    try:
        for data in body:
            if data:
                write(data)
        write(b"")
        exchange.end()
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()


def _environ(exchange: Exchange) -> dict[str, Any]:
    scope = exchange.scope
    host, port = scope["server"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # PEP 3333: the bytes of the path, as text of Latin-1.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BufferedReader(_Body(exchange)),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        environ["wsgi.input_terminated"] = True
    return environ


class _Body(io.RawIOBase):
    """The body of a request as a file."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = self._exchange.read()
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
