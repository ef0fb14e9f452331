"""A connection that goes through to the user's own server: bytes both ways, whatever they mean."""

from __future__ import annotations

import asyncio
from typing import Any

from spawnpoint.web.client import Client
from spawnpoint.web.conversation import Conversation

_PIECE_BYTES = 64 * 1024


class Tunnel(Conversation):
    """Its messages are our own: `bytes` from the client, empty at its end, and `bytes` to it."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._received = 0

    def scope(self) -> dict[str, Any]:
        return {**self.client.scope("tunnel", "http"), "method": self.client.described["method"]}

    async def receive(self) -> dict[str, Any]:
        reply = await self.client.receive(self._received)
        self._received += len(reply.payload)
        return {"type": "tunnel.bytes", "bytes": b"" if reply.value["gone"] else bytes(reply.payload)}

    async def send(self, message: dict[str, Any]) -> None:
        await self.pieces.put({"raw": message["bytes"]})


async def pass_through(scope: dict[str, Any], receive: Any, send: Any, host: str, port: int) -> None:
    """An ASGI app that connects the client with the server that listens there, until one of both ends it."""
    from_server, to_server = await asyncio.open_connection(host, port)
    try:
        to_server.write(_head(scope))
        ways = [
            asyncio.ensure_future(_to_server(receive, to_server)),
            asyncio.ensure_future(_to_client(from_server, send)),
        ]
        done, open_ways = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in open_ways:
            way.cancel()
        await asyncio.gather(*open_ways, return_exceptions=True)
        for way in done:
            way.result()
    finally:
        to_server.close()


def _head(scope: dict[str, Any]) -> bytes:
    query = scope["query_string"]
    target = scope["raw_path"] + (b"?" + query if query else b"")
    lines = [b"%s %s HTTP/1.1" % (scope["method"].encode(), target)]
    lines += [b"%s: %s" % pair for pair in scope["headers"]]
    return b"\r\n".join([*lines, b"", b""])


async def _to_server(receive: Any, to_server: asyncio.StreamWriter) -> None:
    while True:
        data = (await receive())["bytes"]
        if not data:
            return
        to_server.write(data)
        await to_server.drain()


async def _to_client(from_server: asyncio.StreamReader, send: Any) -> None:
    while True:
        data = await from_server.read(_PIECE_BYTES)
        if not data:
            return
        await send({"type": "tunnel.bytes", "bytes": data})
