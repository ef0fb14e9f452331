"""What an endpoint yields for one request, between the app that makes it and the engine that takes it."""

from __future__ import annotations

import asyncio
from typing import Any, Optional

# What may wait to be sent. An app that is faster waits in `put`.
_MAX_PIECES = 16


class Pieces:
    """A queue with an end."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MAX_PIECES)
        self._is_closed = False

    async def put(self, piece: dict[str, Any]) -> None:
        """Waits for room. Raises ConnectionError when nobody takes pieces any more."""
        if self._is_closed:
            raise ConnectionError("The request was cancelled.")
        await self._queue.put(piece)

    async def next(self, app: asyncio.Task[None]) -> Optional[dict[str, Any]]:
        """What is to be sent next; None when the app has ended and everything is sent."""
        if self._queue.empty() and not app.done():
            waiting = asyncio.ensure_future(self._queue.get())
            try:
                await asyncio.wait({waiting, app}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not waiting.done():
                    waiting.cancel()
            if waiting.done() and not waiting.cancelled():
                return waiting.result()
        return None if self._queue.empty() else self._queue.get_nowait()

    def close(self) -> None:
        """Nobody takes anything any more: an app that still sends, perhaps in a thread, hears of it instead of waiting."""
        self._is_closed = True
        while not self._queue.empty():
            self._queue.get_nowait()
