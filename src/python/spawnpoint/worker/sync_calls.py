"""Calls of plain functions, on whichever thread."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from types import GeneratorType
from typing import Any, Callable

from modal.exception import InputCancellation
from spawnpoint.context import set_current_input
from spawnpoint.payload import encode_value
from spawnpoint.worker.batch import Batch
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.user_code import UserCode


class SyncCalls:
    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs

    def run(self, batch: Batch, code: UserCode) -> None:
        """Runs a batch to its outputs, whatever user code does."""
        set_current_input(batch.first)
        batch.start_clock()
        try:
            finish = self._call(batch, code)
        except BaseException as error:
            if batch.cancelled:
                self._outputs.terminated(batch, error)
            else:
                self._outputs.failure(batch, error)
        else:
            finish()
        set_current_input(None)

    def _call(self, batch: Batch, code: UserCode) -> Callable[[], None]:
        """Runs user code, and returns what is left to do when nothing can interrupt it any more: telling its result."""
        if batch.cancelled:
            raise self._cancellation()
        function = code.function(batch.method)
        args, kwargs = function.arguments(batch.inputs)
        result = function.call(*args, **kwargs)
        if function.is_generator:
            return partial(self._outputs.generator_done, batch, self._send_items(batch, result))
        results = function.encode_results(batch.inputs, result)
        if batch.cancelled:
            raise self._cancellation()
        return partial(self._outputs.success, batch, results)

    def _send_items(self, batch: Batch, values: Iterable[Any]) -> int:
        count = 0
        try:
            for value in values:
                if batch.cancelled:
                    raise self._cancellation()
                self._outputs.yielded(batch.first, encode_value(batch.first.format, value))
                count += 1
        finally:
            # A cancellation that arrives between two items is raised here, not in user code: its `finally` runs now.
            if isinstance(values, GeneratorType):
                values.close()
        return count

    def _cancellation(self) -> InputCancellation:
        """What ends user code that was found to be cancelled."""
        return InputCancellation("The input was cancelled.")
