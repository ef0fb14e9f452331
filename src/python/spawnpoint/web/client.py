"""What a client sends, as the engine hands it on: fetched while it is read."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from modal.exception import InvalidError
from spawnpoint.channel import Channel, Reply
from spawnpoint.context import engine_channel

_ASGI = {"version": "3.0", "spec_version": "2.4"}


class Client:
    """Who sent a request. `described` is the one argument of the input. Raises InvalidError where that is no request."""

    def __init__(self, described: Any) -> None:
        channel = engine_channel()
        if not isinstance(described, dict) or "request_id" not in described or channel is None:
            raise InvalidError("This function is a web endpoint; send it HTTP requests at its URL instead of calling it.")
        self.described = described
        self._channel: Channel = channel

    @property
    def upgrade(self) -> str:
        """What the connection becomes: `websocket`, or `bytes` of a protocol that is the user's; empty for a request."""
        return self.described.get("upgrade") or ""

    def scope(self, kind: str, scheme: str) -> dict[str, Any]:
        """The request as ASGI 3.0 describes it (asgi.readthedocs.io, "HTTP & WebSocket")."""
        described = self.described
        path, _, query = described["target"].partition("?")
        return {
            "type": kind,
            "asgi": dict(_ASGI),
            "http_version": described["http_version"],
            "scheme": scheme,
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

    async def receive(self, position: int, *, wants_end: bool = False) -> Reply:
        """What comes after `position`; with `wants_end` only that the client is gone.

        Raises ConnectionError where the container that ran this request before has taken it.
        """
        params = {"request_id": self.described["request_id"], "position": position, "wants_end": wants_end}
        reply = await self._channel.request_async("web_receive", params)
        if reply.error_code:
            raise ConnectionError(reply.message)
        return reply
