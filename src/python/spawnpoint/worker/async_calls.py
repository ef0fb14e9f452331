"""Calls of `async def` functions: each input is a task on an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable
from functools import partial
from types import AsyncGeneratorType
from typing import Any, Callable

from spawnpoint.context import Input, set_current_input
from spawnpoint.payload import decode_args, encode_value
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.user_code import UserCode

# How long an async generator may yield without a break.
_TURN_S = 0.01


class AsyncCalls:
    """What runs on one loop, so that another thread can cancel it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, outputs: Outputs) -> None:
        self._loop = loop
        self._outputs = outputs
        self._running: dict[str, tuple[Input, asyncio.Task[None]]] = {}

    async def run(self, item: Input, code: UserCode) -> None:
        """Runs one input to its output, whatever user code does."""
        task = self._loop.create_task(self._run_input(item, code))
        self._running[item.input_id] = (item, task)
        await task
        del self._running[item.input_id]

    def cancel(self, input_id: str) -> None:
        """Ends an input that runs. Called from another thread."""
        # On the loop's own thread an input is either not begun or has its task.
        self._loop.call_soon_threadsafe(self._cancel_task, input_id)

    async def _run_input(self, item: Input, code: UserCode) -> None:
        set_current_input(item)
        item.started_at = time.time()
        # Nothing may leave this task: asyncio passes SystemExit and KeyboardInterrupt on to the loop, which would end.
        try:
            finish = await self._call(item, code)
        except BaseException as error:
            if item.cancelled:
                self._outputs.terminated(item, error)
            else:
                self._outputs.failure(item, error)
        else:
            finish()
        set_current_input(None)

    async def _call(self, item: Input, code: UserCode) -> Callable[[], None]:
        """Runs user code, and returns what is left to do when nothing can cancel it any more: telling its result."""
        if item.cancelled:
            raise asyncio.CancelledError
        function = code.function(item.method)
        args, kwargs = decode_args(item.format, item.data)
        result: Any = function.call(*args, **kwargs)
        if asyncio.iscoroutine(result):
            result = await result
        if function.is_generator:
            return partial(self._outputs.generator_done, item, await self._send_items(item, result))
        return partial(self._outputs.success, item, function.encode_result(item.format, result))

    async def _send_items(self, item: Input, values: AsyncIterable[Any]) -> int:
        count = 0
        lent_until = time.monotonic() + _TURN_S
        try:
            async for value in values:
                self._outputs.yielded(item, encode_value(item.format, value))
                count += 1
                # A generator that never waits for anything would keep the loop, and could not be cancelled.
                if time.monotonic() > lent_until:
                    await asyncio.sleep(0)
                    lent_until = time.monotonic() + _TURN_S
        finally:
            if isinstance(values, AsyncGeneratorType):
                await values.aclose()
        return count

    def _cancel_task(self, input_id: str) -> None:
        if input_id in self._running:
            item, task = self._running[input_id]
            item.cancelled = True
            # A task that is cancelled before its first step would end without an output.
            if item.started_at:
                task.cancel()
