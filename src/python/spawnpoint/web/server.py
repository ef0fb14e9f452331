"""A web server that user code starts on a port of its own: requests are passed on to it."""

from __future__ import annotations

import asyncio
import socket
from http.client import HTTPConnection
from typing import Any, Callable

from spawnpoint.web.blocking import Exchange, asgi_app_of

_HOST = "127.0.0.1"
_PIECE_BYTES = 64 * 1024
_CONNECT_TIMEOUT_S = 1
_RETRY_S = 0.02
# They are about one connection, and here there are two (RFC 9110, 7.6.1).
_OF_ONE_CONNECTION = {"connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}


async def start_server(run: Callable[[], Any], port: int, timeout_s: float) -> Any:
    """Starts the user's server, waits until it listens, and returns the ASGI app that stands before it.

    All containers share the ports of this computer, so one that an older container still holds is waited for first.
    Raises TimeoutError when the port is not free, or nobody listens there, in time.
    """
    if not await _becomes(False, port, timeout_s):
        raise TimeoutError(
            f"Port {port} is in use on this computer already, so the web server cannot have it; end what listens there."
        )
    result = run()
    if asyncio.iscoroutine(result):
        await result
    if not await _becomes(True, port, timeout_s):
        raise TimeoutError(
            f"Nothing listens on port {port} after {timeout_s:g} s; is the port right? "
            "A server that needs longer takes `startup_timeout=...`."
        )
    by_requests = asgi_app_of(lambda exchange: _pass_on(exchange, port))

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "tunnel":
            await by_requests(scope, receive, send)
            return
        # Imported when it is wanted: few clients ask for it.
        from spawnpoint.web.tunnel import pass_through

        await pass_through(scope, receive, send, _HOST, port)

    return app


async def _becomes(listening: bool, port: int, timeout_s: float) -> bool:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    while await loop.run_in_executor(None, _listens, port) != listening:
        if loop.time() >= deadline:
            return False
        await asyncio.sleep(_RETRY_S)
    return True


def _listens(port: int) -> bool:
    try:
        with socket.create_connection((_HOST, port), _CONNECT_TIMEOUT_S):
            return True
    except OSError:
        return False


def _pass_on(exchange: Exchange, port: int) -> None:
    connection = HTTPConnection(_HOST, port)
    try:
        _send_request(exchange, connection)
        response = connection.getresponse()
        exchange.start(response.status, [item for item in response.getheaders() if _is_passed_on(item[0])])
        while True:
            piece = response.read1(_PIECE_BYTES)
            if not piece:
                break
            exchange.write(piece)
        exchange.end()
    finally:
        connection.close()


def _send_request(exchange: Exchange, connection: HTTPConnection) -> None:
    scope = exchange.scope
    query = scope["query_string"]
    target = scope["raw_path"] + (b"?" + query if query else b"")
    connection.putrequest(scope["method"], target.decode("latin-1"), skip_host=True, skip_accept_encoding=True)
    names = set()
    for name, value in scope["headers"]:
        names.add(name)
        if _is_passed_on(name.decode("latin-1")):
            connection.putheader(name.decode("latin-1"), value)
    is_chunked = b"transfer-encoding" in names
    if is_chunked:
        connection.putheader("transfer-encoding", "chunked")
    connection.endheaders()
    while True:
        piece = exchange.read()
        if not piece:
            break
        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece)
    if is_chunked:
        connection.send(b"0\r\n\r\n")


def _is_passed_on(name: str) -> bool:
    return name.lower() not in _OF_ONE_CONNECTION
