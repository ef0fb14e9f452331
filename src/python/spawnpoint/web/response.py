"""The response of an app, on its way to the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Optional

# So much travels in one item; longer ones would go by way of a file.
_PIECE_BYTES = 64 * 1024
# What may wait to be sent. An app that is faster waits in `send`.
_MAX_PIECES = 16


class Response:
    """What the app sends, piece by piece."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MAX_PIECES)
        self._has_started = False
        self._is_closed = False
        self.is_complete = False

    async def send(self, message: dict[str, Any]) -> None:
        """Takes an ASGI message. Raises RuntimeError for one that is out of turn, ConnectionError when nobody takes it any more."""
        if self._is_closed:
            raise ConnectionError("The request was cancelled.")
        kind = message["type"]
        if kind == "http.response.start":
            if self._has_started:
                raise RuntimeError("The app started its response twice.")
            self._has_started = True
            headers = [
                [bytes(name).decode("latin-1"), bytes(value).decode("latin-1")]
                for name, value in message.get("headers") or ()
            ]
            await self._pieces.put({"status": int(message["status"]), "headers": headers})
        elif kind == "http.response.body":
            if not self._has_started:
                raise RuntimeError("The app sent a body before it started its response.")
            if self.is_complete:
                raise RuntimeError("The app sent a body after the end of its response.")
            self.is_complete = not message.get("more_body", False)
            for piece in _pieces(bytes(message.get("body") or b""), self.is_complete):
                await self._pieces.put(piece)
        else:
            raise RuntimeError(f"The local engine has no use for the ASGI message {kind}.")

    async def next_piece(self, app: asyncio.Task[None]) -> Optional[dict[str, Any]]:
        """What is to be sent next; None when the app has ended and everything is sent."""
        if self._pieces.empty() and not app.done():
            waiting = asyncio.ensure_future(self._pieces.get())
            try:
                await asyncio.wait({waiting, app}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not waiting.done():
                    waiting.cancel()
            if waiting.done() and not waiting.cancelled():
                return waiting.result()
        return None if self._pieces.empty() else self._pieces.get_nowait()

    def close(self) -> None:
        """Nobody takes anything any more: an app that still sends, perhaps in a thread, hears of it instead of waiting."""
        self._is_closed = True
        while not self._pieces.empty():
            self._pieces.get_nowait()


def _pieces(body: bytes, is_last: bool) -> Iterator[dict[str, Any]]:
    for start in range(0, max(len(body), 1), _PIECE_BYTES):
        end = start + _PIECE_BYTES
        yield {"body": body[start:end], "more_body": end < len(body) or not is_last}
