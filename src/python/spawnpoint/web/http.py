"""One HTTP request and its response, as ASGI has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spawnpoint.web.client import Client
from spawnpoint.web.conversation import Conversation

# So much travels in one item; longer ones would go by way of a file.
_PIECE_BYTES = 64 * 1024


class Http(Conversation):
    """The body is fetched while it is read; the response goes piece by piece."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._received = 0
        self._more_body = bool(client.described["has_body"])
        self._is_first = True
        self._has_started = False
        self._is_complete = False

    def scope(self) -> dict[str, Any]:
        return {**self.client.scope("http", "http"), "method": self.client.described["method"]}

    async def receive(self) -> dict[str, Any]:
        """Some of the body, and after its end that the client is gone."""
        if self._is_first and not self._more_body:
            self._is_first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        self._is_first = False
        reply = await self.client.receive(self._received, wants_end=not self._more_body)
        if reply.value["gone"]:
            return {"type": "http.disconnect"}
        self._received += len(reply.payload)
        self._more_body = reply.value["more_body"]
        return {"type": "http.request", "body": reply.payload, "more_body": self._more_body}

    async def send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            if self._has_started:
                raise RuntimeError("The app started its response twice.")
            self._has_started = True
            headers = [
                [bytes(name).decode("latin-1"), bytes(value).decode("latin-1")]
                for name, value in message.get("headers") or ()
            ]
            await self.pieces.put({"status": int(message["status"]), "headers": headers})
        elif kind == "http.response.body":
            if not self._has_started:
                raise RuntimeError("The app sent a body before it started its response.")
            if self._is_complete:
                raise RuntimeError("The app sent a body after the end of its response.")
            self._is_complete = not message.get("more_body", False)
            for piece in _pieces(bytes(message.get("body") or b""), self._is_complete):
                await self.pieces.put(piece)
        else:
            raise RuntimeError(f"The local engine has no use for the ASGI message {kind}.")

    def check_end(self) -> None:
        if not self._is_complete:
            raise RuntimeError("The app returned before its response was complete.")


def _pieces(body: bytes, is_last: bool) -> Iterator[dict[str, Any]]:
    for start in range(0, max(len(body), 1), _PIECE_BYTES):
        end = start + _PIECE_BYTES
        yield {"body": body[start:end], "more_body": end < len(body) or not is_last}
