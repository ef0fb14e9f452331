"""Runs `async def` functions, one input after another, on an event loop that lives as long as the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Optional

from spawnpoint.context import Input
from spawnpoint.interrupts import SHIELD
from spawnpoint.worker.async_calls import AsyncCalls
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.user_code import UserCode


class AsyncRunner(Runner):
    def __init__(self, outputs: Outputs) -> None:
        super().__init__(outputs)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._queue: asyncio.Queue[Optional[Input]] = asyncio.Queue()
        self._calls = AsyncCalls(self._loop, outputs)
        SHIELD.install(lambda: False)

    def run(self, code: UserCode) -> None:
        self._loop.run_until_complete(self._serve(code))

    async def _serve(self, code: UserCode) -> None:
        while True:
            item = await self._queue.get()
            if item is None:
                return
            if self._begin(item):
                await self._calls.run(item, code)

    def _enqueue(self, items: Sequence[Optional[Input]]) -> None:
        self._loop.call_soon_threadsafe(self._put_all, items)

    def _put_all(self, items: Sequence[Optional[Input]]) -> None:
        for item in items:
            self._queue.put_nowait(item)

    def _cancel_running(self, input_id: str) -> None:
        self._calls.cancel(input_id)
