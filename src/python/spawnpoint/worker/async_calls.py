"""Calls of `async def` functions: each is a task on an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable
from functools import partial
from types import AsyncGeneratorType
from typing import Any, Callable

from spawnpoint.context import set_current_input
from spawnpoint.payload import encode_value
from spawnpoint.worker.batch import Batch
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.user_code import UserCode

# How long an async generator may yield without a break.
_TURN_S = 0.01


class AsyncCalls:
    """What runs on one loop, so that another thread can cancel it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, outputs: Outputs) -> None:
        self._loop = loop
        self._outputs = outputs
        self._running: dict[Batch, asyncio.Task[None]] = {}

    async def run(self, batch: Batch, code: UserCode) -> None:
        """Runs a batch to its outputs, whatever user code does."""
        task = self._loop.create_task(self._run_batch(batch, code))
        self._running[batch] = task
        await task
        del self._running[batch]

    def cancel(self, input_id: str) -> None:
        """Ends an input that runs. Called from another thread."""
        # On the loop's own thread an input is either not begun or has its task.
        self._loop.call_soon_threadsafe(self._cancel_input, input_id)

    async def _run_batch(self, batch: Batch, code: UserCode) -> None:
        set_current_input(batch.first)
        batch.start_clock()
        # Nothing may leave this task: asyncio passes SystemExit and KeyboardInterrupt on to the loop, which would end.
        try:
            finish = await self._call(batch, code)
        except BaseException as error:
            if batch.cancelled:
                self._outputs.terminated(batch, error)
            else:
                self._outputs.failure(batch, error)
        else:
            finish()
        set_current_input(None)

    async def _call(self, batch: Batch, code: UserCode) -> Callable[[], None]:
        """Runs user code, and returns what is left to do when nothing can cancel it any more: telling its result."""
        if batch.cancelled:
            raise asyncio.CancelledError
        function = code.function(batch.method)
        args, kwargs = function.arguments(batch.inputs)
        result: Any = function.call(*args, **kwargs)
        if asyncio.iscoroutine(result):
            result = await result
        if function.is_generator:
            return partial(self._outputs.generator_done, batch, await self._send_items(batch, result))
        return partial(self._outputs.success, batch, function.encode_results(batch.inputs, result))

    async def _send_items(self, batch: Batch, values: AsyncIterable[Any]) -> int:
        count = 0
        lent_until = time.monotonic() + _TURN_S
        try:
            async for value in values:
                self._outputs.yielded(batch.first, encode_value(batch.first.format, value))
                count += 1
                # A generator that never waits for anything would keep the loop, and could not be cancelled.
                if time.monotonic() > lent_until:
                    await asyncio.sleep(0)
                    lent_until = time.monotonic() + _TURN_S
        finally:
            if isinstance(values, AsyncGeneratorType):
                await values.aclose()
        return count

    def _cancel_input(self, input_id: str) -> None:
        for batch, task in self._running.items():
            if not batch.holds(input_id):
                continue
            given_up = batch.cancel(input_id)
            if given_up is not None:
                self._outputs.cancelled(given_up)
            # A task that is cancelled before its first step would end without an output.
            elif batch.first.started_at:
                task.cancel()
            return
