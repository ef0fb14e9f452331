"""Runs `async def` functions, one input after another, on an event loop that lives as long as the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Optional

from spawnpoint.worker.async_calls import AsyncCalls
from spawnpoint.worker.batch import Batch
from spawnpoint.worker.event_loop import event_loop
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.user_code import UserCode


class AsyncRunner(Runner):
    def __init__(self, outputs: Outputs, takes_batches: bool) -> None:
        super().__init__(outputs, takes_batches)
        self._loop = event_loop()
        self._queue: asyncio.Queue[Optional[Batch]] = asyncio.Queue()
        self._async_calls = AsyncCalls(self._loop, outputs)

    def run(self, code: UserCode) -> None:
        self._loop.run_until_complete(self._serve(code))

    def complete(self, result: Any) -> None:
        if asyncio.iscoroutine(result):
            self._loop.run_until_complete(result)

    async def _serve(self, code: UserCode) -> None:
        while True:
            batch = await self._queue.get()
            if batch is None:
                return
            if batch.begin(self._waiting):
                await self._async_calls.run(batch, code)

    def _enqueue(self, batches: Sequence[Optional[Batch]]) -> None:
        self._loop.call_soon_threadsafe(self._put_all, batches)

    def _put_all(self, batches: Sequence[Optional[Batch]]) -> None:
        for batch in batches:
            self._queue.put_nowait(batch)

    def _cancel_running(self, input_id: str) -> None:
        self._async_calls.cancel(input_id)
