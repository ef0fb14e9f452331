"""Runs classes that have anything `async def`: plain methods as ever, the others on an event loop.

The loop stands still between inputs, as in a container of Modal's that runs one input at a time.
"""

from __future__ import annotations

import asyncio
from typing import Any

from spawnpoint.context import Input
from spawnpoint.worker.async_calls import AsyncCalls
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.sync_runner import SyncRunner
from spawnpoint.worker.user_code import UserCode


class MixedRunner(SyncRunner):
    def __init__(self, outputs: Outputs) -> None:
        super().__init__(outputs)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._calls = AsyncCalls(self._loop, outputs)

    def complete(self, result: Any) -> None:
        if asyncio.iscoroutine(result):
            self._loop.run_until_complete(result)

    def _run_input(self, item: Input, code: UserCode) -> None:
        if code.is_async(item.method):
            self._loop.run_until_complete(self._calls.run(item, code))
        else:
            super()._run_input(item, code)

    def _cancel_running(self, input_id: str) -> None:
        # One of them has it: what a plain method would be interrupted by does nothing to a task, and the other way round.
        super()._cancel_running(input_id)
        self._calls.cancel(input_id)
