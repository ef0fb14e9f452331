"""A web endpoint in its container: an ASGI app from its start to its end, and a generator for each request."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Callable, Optional

from spawnpoint.failures import format_traceback
from spawnpoint.web.conversation import Conversation, conversation_of
from spawnpoint.web.lifespan import Lifespan

AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]


class Endpoint:
    """`create_app` makes the app when the container starts."""

    def __init__(self, create_app: Callable[[], Awaitable[AsgiApp]]) -> None:
        self._create_app = create_app
        self._app: Optional[AsgiApp] = None
        self._lifespan: Optional[Lifespan] = None

    async def start(self) -> None:
        """Before the first request. What the app raises passes through."""
        self._app = await self._create_app()
        self._lifespan = Lifespan(self._app)
        await self._lifespan.start()

    async def stop(self) -> None:
        """After the last request."""
        if self._lifespan is not None:
            await self._lifespan.stop()

    async def serve(self, described: Any = None, *_args: Any, **_kwargs: Any) -> AsyncIterator[dict[str, Any]]:
        """Yields what the client is sent. Raises what the app raised, also after the end of that."""
        conversation = conversation_of(described)
        assert self._app is not None and self._lifespan is not None, "requests come after the start"
        scope = {**conversation.scope(), "state": dict(self._lifespan.state)}
        app = asyncio.ensure_future(_run(self._app, scope, conversation))
        try:
            while True:
                piece = await conversation.pieces.next(app)
                if piece is None:
                    break
                yield piece
            await app
            conversation.check_end()
        finally:
            conversation.close()
            app.cancel()
            # What it raises while it is ended is nobody's concern any more; otherwise it has been raised above.
            await asyncio.gather(app, return_exceptions=True)


async def _run(app: AsgiApp, scope: dict[str, Any], conversation: Conversation) -> None:
    try:
        await app(scope, conversation.receive, conversation.send)
    except Exception as error:
        # The client is told nothing of it, so that here is where to look.
        print(format_traceback(error), end="", file=sys.stderr)
        raise
