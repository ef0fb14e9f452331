"""Runs plain functions: one input after another, on the main thread itself."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import partial
from queue import SimpleQueue
from threading import Thread
from types import GeneratorType
from typing import Any, Callable, Optional

from modal.exception import InputCancellation
from spawnpoint.context import Input, set_current_input
from spawnpoint.interrupts import SHIELD
from spawnpoint.payload import decode_args, encode_value
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.user_code import UserCode

_INSIST_SECONDS = 0.05


class SyncRunner(Runner):
    def __init__(self, outputs: Outputs) -> None:
        super().__init__(outputs)
        self._queue: SimpleQueue[Optional[Input]] = SimpleQueue()
        self._current: Optional[Input] = None
        # Set only while user code runs: an interrupt at any other time has come too late.
        self._interruptible: Optional[Input] = None
        SHIELD.install(self._take_interrupt)

    def run(self, code: UserCode) -> None:
        while True:
            item = self._queue.get()
            if item is None:
                return
            # Before the input stops waiting, so that a cancellation finds it in one place or the other.
            self._current = item
            if self._begin(item):
                self._run_input(item, code)

    def _run_input(self, item: Input, code: UserCode) -> None:
        set_current_input(item)
        item.started_at = time.time()
        try:
            finish = self._call(item, code)
        except BaseException as error:
            if item.cancelled:
                self._outputs.terminated(item, error)
            else:
                self._outputs.failure(item, error)
        else:
            finish()
        set_current_input(None)

    def _call(self, item: Input, code: UserCode) -> Callable[[], None]:
        """Runs user code, and returns what is left to do when nothing can interrupt it any more: telling its result."""
        try:
            self._interruptible = item
            if item.cancelled:
                raise InputCancellation("The input was cancelled.")
            function = code.function(item.method)
            args, kwargs = decode_args(item.format, item.data)
            result = function.call(*args, **kwargs)
            if function.is_generator:
                return partial(self._outputs.generator_done, item, self._send_items(item, result))
            return partial(self._outputs.success, item, function.encode_result(item.format, result))
        finally:
            self._interruptible = None

    def _send_items(self, item: Input, values: Iterable[Any]) -> int:
        count = 0
        try:
            for value in values:
                self._outputs.yielded(item, encode_value(item.format, value))
                count += 1
        finally:
            # A cancellation that arrives between two items is raised here, not in user code: its `finally` runs now.
            if isinstance(values, GeneratorType):
                values.close()
        return count

    def _take_interrupt(self) -> bool:
        item = self._interruptible
        if item is None or not item.cancelled:
            return False
        self._interruptible = None
        return True

    def _enqueue(self, items: Sequence[Optional[Input]]) -> None:
        for item in items:
            self._queue.put(item)

    def _cancel_running(self, input_id: str) -> None:
        item = self._current
        if item is not None and item.input_id == input_id:
            item.cancelled = True
            Thread(target=self._insist, args=(item,), name="spawnpoint-cancel", daemon=True).start()

    def _insist(self, item: Input) -> None:
        """Interrupts until it is noticed.

        A signal that arrives just before the main thread goes to sleep in a system call does not end that sleep, and this
        is likely: whoever sends it gets the interpreter's lock at that very moment.
        """
        while self._interruptible is item:
            SHIELD.interrupt()
            time.sleep(_INSIST_SECONDS)
