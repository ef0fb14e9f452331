"""One websocket, as ASGI has it: the app accepts it, or does not, and then both sides send messages until one closes it."""

from __future__ import annotations

import asyncio
from typing import Any, Optional

from spawnpoint.web.client import Client
from spawnpoint.web.conversation import Conversation

# Messages that wait for the app. Beyond that, the client waits.
_MAX_MESSAGES = 16
_NORMAL, _GONE = 1000, 1006


class WebSocket(Conversation):
    """Messages are fetched ahead of need, so that an app which only sends hears soon that nobody is there."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MAX_MESSAGES)
        self._messages.put_nowait({"type": "websocket.connect"})
        self._fetching = asyncio.ensure_future(self._fetch())
        self._is_accepted = False
        self._is_closed = False
        self._client_is_gone = False

    def scope(self) -> dict[str, Any]:
        scope = self.client.scope("websocket", "ws")
        offered = [value.decode("latin-1") for name, value in scope["headers"] if name == b"sec-websocket-protocol"]
        return {**scope, "subprotocols": [word.strip() for word in ",".join(offered).split(",") if word.strip()]}

    async def receive(self) -> dict[str, Any]:
        """`websocket.connect`, then messages, then `websocket.disconnect`."""
        message = await self._messages.get()
        if message["type"] == "websocket.disconnect":
            # As often as it is asked for.
            self._messages.put_nowait(message)
        return message

    async def send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if self._is_closed:
            raise RuntimeError(f"The app sent {kind} after it had closed the websocket.")
        if self._client_is_gone:
            raise ConnectionError("The client has closed the websocket.")
        if kind == "websocket.accept":
            if self._is_accepted:
                raise RuntimeError("The app accepted the websocket twice.")
            self._is_accepted = True
            await self.pieces.put({"accept": message.get("subprotocol"), "headers": _headers_of(message)})
        elif kind == "websocket.close":
            self._is_closed = True
            code, reason = message.get("code") or _NORMAL, message.get("reason") or ""
            await self.pieces.put({"close": code, "reason": reason})
        elif kind == "websocket.send":
            if not self._is_accepted:
                raise RuntimeError("The app sent a message before it accepted the websocket.")
            data = message.get("bytes")
            await self.pieces.put({"text": message["text"]} if data is None else {"bytes": bytes(data)})
        else:
            raise RuntimeError(f"The local engine has no use for the ASGI message {kind}.")

    def check_end(self) -> None:
        if not (self._is_accepted or self._is_closed or self._client_is_gone):
            raise RuntimeError("The app returned before it accepted the websocket, or closed it.")

    def close(self) -> None:
        super().close()
        self._fetching.cancel()

    async def _fetch(self) -> None:
        position = 0
        while not self._client_is_gone:
            message = await self._next(position)
            position += 1
            self._client_is_gone = message["type"] == "websocket.disconnect"
            await self._messages.put(message)

    async def _next(self, position: int) -> dict[str, Any]:
        try:
            reply = await self.client.receive(position)
        except ConnectionError as error:
            return _disconnected(_GONE, str(error))
        kind: Optional[str] = reply.value.get("message")
        if kind == "text":
            return {"type": "websocket.receive", "text": reply.payload.decode("utf-8")}
        if kind == "bytes":
            return {"type": "websocket.receive", "bytes": bytes(reply.payload)}
        return _disconnected(reply.value.get("code", _GONE), reply.value.get("reason", ""))


def _disconnected(code: int, reason: str) -> dict[str, Any]:
    return {"type": "websocket.disconnect", "code": code, "reason": reason}


def _headers_of(message: dict[str, Any]) -> list[list[str]]:
    pairs = message.get("headers") or ()
    return [[bytes(name).decode("latin-1"), bytes(value).decode("latin-1")] for name, value in pairs]
