"""Runs several inputs at a time: `async def` functions as tasks of one event loop, plain ones each in a thread.

A thread cannot be interrupted. On Modal, cancelling an input there ends the container at once. Here its code may come to an end
by itself, or at the next item of a generator; where it does not, the engine ends the container after a while.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from spawnpoint.context import share_process
from spawnpoint.worker.async_runner import AsyncRunner
from spawnpoint.worker.batch import Batch
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.sync_calls import SyncCalls
from spawnpoint.worker.user_code import UserCode


class ConcurrentRunner(AsyncRunner):
    """`slots` is how many inputs, or batches, run at a time."""

    def __init__(self, outputs: Outputs, takes_batches: bool, slots: int) -> None:
        super().__init__(outputs, takes_batches)
        self._slots = slots
        self._sync_calls = SyncCalls(outputs)
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="spawnpoint-input")
        self._in_threads: set[Batch] = set()

    def run(self, code: UserCode) -> None:
        share_process()
        super().run(code)

    async def _serve(self, code: UserCode) -> None:
        free = asyncio.Semaphore(self._slots)
        running: set[asyncio.Task[None]] = set()
        while True:
            batch = await self._queue.get()
            if batch is None:
                break
            # Until there is a slot, its inputs wait, and can be taken back.
            await free.acquire()
            if not batch.begin(self._waiting):
                free.release()
                continue
            task = self._loop.create_task(self._run_batch(batch, code))
            running.add(task)
            task.add_done_callback(running.discard)
            task.add_done_callback(lambda _: free.release())
        if running:
            await asyncio.wait(running)

    async def _run_batch(self, batch: Batch, code: UserCode) -> None:
        if code.is_async(batch.method):
            await self._async_calls.run(batch, code)
            return
        self._in_threads.add(batch)
        # A context of its own, as a task has: what user code sets there is gone with the input.
        await self._loop.run_in_executor(self._threads, copy_context().run, self._sync_calls.run, batch, code)
        self._in_threads.discard(batch)

    def _cancel_running(self, input_id: str) -> None:
        self._async_calls.cancel(input_id)
        self._loop.call_soon_threadsafe(self._cancel_in_thread, input_id)

    def _cancel_in_thread(self, input_id: str) -> None:
        for batch in self._in_threads:
            if batch.holds(input_id):
                given_up = batch.cancel(input_id)
                if given_up is not None:
                    self._outputs.cancelled(given_up)
                return
