"""Runs classes that have anything `async def`: plain methods as ever, the others on an event loop.

The loop stands still between inputs, as in a container of Modal's that runs one input at a time.
"""

from __future__ import annotations

import asyncio
from typing import Any

from spawnpoint.worker.async_calls import AsyncCalls
from spawnpoint.worker.batch import Batch
from spawnpoint.worker.event_loop import event_loop
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.sync_runner import SyncRunner
from spawnpoint.worker.user_code import UserCode


class MixedRunner(SyncRunner):
    def __init__(self, outputs: Outputs, takes_batches: bool) -> None:
        super().__init__(outputs, takes_batches)
        self._loop = event_loop()
        self._async_calls = AsyncCalls(self._loop, outputs)

    def complete(self, result: Any) -> None:
        if asyncio.iscoroutine(result):
            self._loop.run_until_complete(result)

    def _run_batch(self, batch: Batch, code: UserCode) -> None:
        if code.is_async(batch.method):
            self._loop.run_until_complete(self._async_calls.run(batch, code))
        else:
            super()._run_batch(batch, code)

    def _cancel_running(self, input_id: str) -> None:
        # One of them has it: a task is not in the hands of the main thread's calls, and the other way round.
        self._async_calls.cancel(input_id)
        super()._cancel_running(input_id)
