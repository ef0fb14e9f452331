"""Runs plain functions: one input after another, on the main thread itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Callable, Optional

from modal.exception import InputCancellation
from spawnpoint.interrupts import SHIELD
from spawnpoint.worker.batch import Batch
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.sync_calls import SyncCalls
from spawnpoint.worker.user_code import UserCode

if TYPE_CHECKING:
    from spawnpoint.worker.inbox import Inbox

_INSIST_SECONDS = 0.05


class SyncRunner(Runner):
    def __init__(self, outputs: Outputs, takes_batches: bool) -> None:
        super().__init__(outputs, takes_batches)
        self._queue: SimpleQueue[Optional[Batch]] = SimpleQueue()
        self._current: Optional[Batch] = None
        self._main_thread_calls = _MainThreadCalls(outputs)

    def use_inbox(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def run(self, code: UserCode) -> None:
        while True:
            batch = self._inbox.get(self._queue)
            if batch is None:
                return
            # Before its inputs stop waiting, so that a cancellation finds them in one place or the other.
            self._current = batch
            if batch.begin(self._waiting):
                self._run_batch(batch, code)

    def _run_batch(self, batch: Batch, code: UserCode) -> None:
        self._main_thread_calls.run(batch, code)

    def _enqueue(self, batches: Sequence[Optional[Batch]]) -> None:
        for batch in batches:
            self._queue.put(batch)

    def _cancel_running(self, input_id: str) -> None:
        batch = self._current
        if batch is None or not batch.holds(input_id):
            return
        given_up = batch.cancel(input_id)
        if given_up is not None:
            self._outputs.cancelled(given_up)
        elif batch.cancelled:
            self._main_thread_calls.interrupt(batch)


class _MainThreadCalls(SyncCalls):
    """Calls that a signal can interrupt."""

    def __init__(self, outputs: Outputs) -> None:
        super().__init__(outputs)
        # Set only while user code runs: an interrupt at any other time has come too late.
        self._interruptible: Optional[Batch] = None
        SHIELD.ask(self._take_interrupt)

    def interrupt(self, batch: Batch) -> None:
        """Ends the user code of a batch that is cancelled. From any thread."""
        Thread(target=self._insist, args=(batch,), name="spawnpoint-cancel", daemon=True).start()

    def _call(self, batch: Batch, code: UserCode) -> Callable[[], None]:
        try:
            self._interruptible = batch
            return super()._call(batch, code)
        finally:
            self._interruptible = None

    def _cancellation(self) -> InputCancellation:
        # Noticed without the signal, which must not hit what user code does now to clean up.
        self._interruptible = None
        return super()._cancellation()

    def _take_interrupt(self) -> bool:
        batch = self._interruptible
        if batch is None or not batch.cancelled:
            return False
        self._interruptible = None
        return True

    def _insist(self, batch: Batch) -> None:
        """Interrupts until it is noticed.

        A signal that arrives just before the main thread goes to sleep in a system call does not end that sleep, and this
        is likely: whoever sends it gets the interpreter's lock at that very moment.
        """
        while self._interruptible is batch:
            SHIELD.interrupt()
            time.sleep(_INSIST_SECONDS)
