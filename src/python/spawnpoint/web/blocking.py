"""Apps that block, as ASGI apps: each request runs in a thread of its own."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import Any, Callable

class Exchange:
    """One request for code in a thread: reading its body and sending its response wait, as files do."""

    def __init__(self, scope: dict[str, Any], receive: Any, send: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send
        self._loop = loop
        self._ended = False

    def read(self) -> bytes:
        """Some more of the body; nothing at its end. Raises ConnectionError when the client is gone."""
        while not self._ended:
            message = self._wait(self._receive())
            if message["type"] == "http.disconnect":
                raise ConnectionError("The client is gone.")
            self._ended = not message["more_body"]
            if message["body"]:
                return bytes(message["body"])
        return b""

    def start(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Sends the status and the headers."""
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._wait(self._send({"type": "http.response.start", "status": status, "headers": encoded}))

    def write(self, body: bytes) -> None:
        """Sends some of the body."""
        if body:
            self._wait(self._send({"type": "http.response.body", "body": body, "more_body": True}))

    def end(self) -> None:
        """Ends the response."""
        self._wait(self._send({"type": "http.response.body"}))

    def _wait(self, step: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result()


def asgi_app_of(handle: Callable[[Exchange], None]) -> Any:
    """`handle` answers one request, in a thread."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        loop = asyncio.get_running_loop()
        exchange = Exchange(scope, receive, send, loop)
        await loop.run_in_executor(None, copy_context().run, handle, exchange)

    return app
