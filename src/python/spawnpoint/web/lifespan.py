"""The lifespan events of an ASGI app (asgi.readthedocs.io, "Lifespan Protocol")."""

from __future__ import annotations

import asyncio
from typing import Any, Optional


class Lifespan:
    """Tells an app when its container starts and ends. An app that does not know the protocol is left alone."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._messages: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: Optional[asyncio.Task[None]] = None
        #: What the app keeps for its requests.
        self.state: dict[str, Any] = {}

    async def start(self) -> None:
        """Raises RuntimeError where the app says that it cannot start."""
        self._task = asyncio.ensure_future(self._run())
        await self._tell("lifespan.startup")

    async def stop(self) -> None:
        """Raises RuntimeError where the app says that it could not end well."""
        await self._tell("lifespan.shutdown")

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        await self._app(scope, self._messages.get, self._answers.put)

    async def _tell(self, event: str) -> None:
        if self._task is None or self._task.done():
            return
        await self._messages.put({"type": event})
        answer = asyncio.ensure_future(self._answers.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            # An app without lifespan events raises or returns, which the protocol allows.
            answer.cancel()
            self._task.exception()
        elif answer.result()["type"] == f"{event}.failed":
            raise RuntimeError(answer.result().get("message") or f"The app answered {event} with a failure.")
