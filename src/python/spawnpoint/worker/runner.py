"""What all runners share: inputs that wait, and cancelling them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional

from spawnpoint.context import Input
from spawnpoint.worker.batch import Batch
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.user_code import UserCode

if TYPE_CHECKING:
    from spawnpoint.worker.inbox import Inbox


class Runner:
    """Runs inputs. `submit`, `recall`, `cancel` and `stop` are called by whoever reads what the engine sends."""

    def __init__(self, outputs: Outputs, takes_batches: bool) -> None:
        self._outputs = outputs
        self._takes_batches = takes_batches
        # Whoever pops an input from here, the runner to begin it or the inbox to cancel it, owns its output.
        self._waiting: dict[str, Input] = {}

    def use_inbox(self, inbox: Inbox) -> None:
        """Tells where what it runs comes from, for a runner that would wait for it on the main thread."""

    def run(self, code: UserCode) -> None:
        """Runs inputs as they come, and returns after a stop, when all that arrived before it are done."""
        raise NotImplementedError

    def complete(self, result: Any) -> None:
        """Waits for what a lifecycle hook returned, where that is a coroutine."""

    def submit(self, inputs: list[Input]) -> None:
        """Queues inputs: of a function that takes batches, one batch."""
        for item in inputs:
            self._waiting[item.input_id] = item
        self._enqueue([Batch(inputs)] if self._takes_batches else [Batch([item]) for item in inputs])

    def recall(self, input_ids: list[str]) -> None:
        """Ends those of the given inputs that still wait."""
        for input_id in input_ids:
            self._end_waiting(input_id)

    def cancel(self, input_ids: list[str]) -> None:
        """Ends the given inputs: at once where they still wait, by an exception in user code where they run."""
        for input_id in input_ids:
            if not self._end_waiting(input_id):
                self._cancel_running(input_id)

    def stop(self) -> None:
        """Ends `run` after the inputs that are queued now."""
        self._enqueue([None])

    def _end_waiting(self, input_id: str) -> bool:
        waiting = self._waiting.pop(input_id, None)
        if waiting is not None:
            self._outputs.cancelled(waiting)
        return waiting is not None

    def _enqueue(self, batches: Sequence[Optional[Batch]]) -> None:
        raise NotImplementedError

    def _cancel_running(self, input_id: str) -> None:
        raise NotImplementedError
