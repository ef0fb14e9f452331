"""What an app and a client have with each other."""

from __future__ import annotations

from typing import Any

from spawnpoint.web.client import Client
from spawnpoint.web.pieces import Pieces


class Conversation:
    """One call of an app. `pieces` go to the engine."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.pieces = Pieces()

    def scope(self) -> dict[str, Any]:
        """What the app is called with."""
        raise NotImplementedError

    async def receive(self) -> dict[str, Any]:
        """The next message for the app."""
        raise NotImplementedError

    async def send(self, message: dict[str, Any]) -> None:
        """Takes a message of the app. Raises RuntimeError for one that is out of turn, ConnectionError for nobody."""
        raise NotImplementedError

    def check_end(self) -> None:
        """When the app has returned. Raises RuntimeError where something is missing."""

    def close(self) -> None:
        """Nobody takes anything any more."""
        self.pieces.close()


def conversation_of(described: Any) -> Conversation:
    """`described` is the one argument of the input. Raises InvalidError where that is no request."""
    client = Client(described)
    if client.upgrade == "websocket":
        from spawnpoint.web.websocket import WebSocket

        return WebSocket(client)
    if client.upgrade == "bytes":
        from spawnpoint.web.tunnel import Tunnel

        return Tunnel(client)
    from spawnpoint.web.http import Http

    return Http(client)
