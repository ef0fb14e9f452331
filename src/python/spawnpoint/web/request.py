"""One HTTP request as the engine hands it to a container, and its body, which is fetched while it is read."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from modal.exception import InvalidError
from spawnpoint.channel import Channel
from spawnpoint.context import engine_channel

_ASGI = {"version": "3.0", "spec_version": "2.4"}


class Request:
    """`described` is the one argument of the input. Raises InvalidError where that is no request."""

    def __init__(self, described: Any) -> None:
        channel = engine_channel()
        if not isinstance(described, dict) or "request_id" not in described or channel is None:
            raise InvalidError("This function is a web endpoint; send it HTTP requests at its URL instead of calling it.")
        self._described = described
        self._channel: Channel = channel
        self._received = 0
        self._more_body = bool(described["has_body"])
        self._is_first = True

    def scope(self) -> dict[str, Any]:
        """The request as ASGI 3.0 describes it (asgi.readthedocs.io, "HTTP & WebSocket")."""
        described = self._described
        path, _, query = described["target"].partition("?")
        return {
            "type": "http",
            "asgi": dict(_ASGI),
            "http_version": described["http_version"],
            "method": described["method"],
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in described["headers"]
            ],
            "client": tuple(described["client"]),
            "server": tuple(described["server"]),
        }

    async def receive(self) -> dict[str, Any]:
        """The next ASGI message: some of the body, and after its end that the client is gone.

        Raises ConnectionError where the container that ran this request before has taken the body with it.
        """
        if self._is_first and not self._more_body:
            self._is_first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        self._is_first = False
        described = {"request_id": self._described["request_id"], "offset": self._received}
        reply = await self._channel.request_async("web_receive", {**described, "body_is_read": not self._more_body})
        if reply.error_code:
            raise ConnectionError(reply.message)
        if reply.value["gone"]:
            return {"type": "http.disconnect"}
        self._received += len(reply.payload)
        self._more_body = reply.value["more_body"]
        return {"type": "http.request", "body": reply.payload, "more_body": self._more_body}
