"""What a worker runs at once: an input, or several of a function that takes batches."""

from __future__ import annotations

import time
from typing import Any, Optional

from spawnpoint.context import Input


class Batch:
    """Inputs that one call of user code answers; most often a single one."""

    __slots__ = ("_unanswered", "cancelled", "first", "inputs", "method")

    def __init__(self, inputs: list[Input]) -> None:
        self.inputs = inputs
        #: The input that user code works on as far as ids and logs go, as on Modal.
        self.first = inputs[0]
        #: All inputs are for the same one.
        self.method = inputs[0].method
        #: The last input that wanted an answer was cancelled: user code is to stop.
        self.cancelled = False
        # Whoever pops one of several inputs from here, the runner to answer it or the inbox to cancel it, owns its output.
        # A single one is always the runner's.
        self._unanswered = {item.input_id: item for item in inputs} if len(inputs) > 1 else None

    def begin(self, waiting: dict[str, Input]) -> bool:
        """Takes its inputs out of those that wait. False when they were all cancelled there."""
        if self._unanswered is None:
            return waiting.pop(self.first.input_id, None) is not None
        begun = [item for item in self.inputs if waiting.pop(item.input_id, None) is not None]
        if len(begun) == len(self.inputs):
            return True
        for item in self.inputs:
            if item not in begun:
                self._unanswered.pop(item.input_id)
        if not begun:
            return False
        self.inputs, self.first = begun, begun[0]
        return True

    def start_clock(self) -> None:
        """User code begins now."""
        now = time.time()
        for item in self.inputs:
            item.started_at = now

    def holds(self, input_id: str) -> bool:
        """Whether one of its inputs still wants an answer."""
        if self._unanswered is None:
            return input_id == self.first.input_id
        return input_id in self._unanswered

    def take(self, item: Input) -> bool:
        """Whether the caller is the one to answer this input."""
        return self._unanswered is None or self._unanswered.pop(item.input_id, None) is not None

    def cancel(self, input_id: str) -> Optional[Input]:
        """Cancels one input while user code runs.

        Where others still want an answer, returns the input for the caller to answer. Of the last one, says in `cancelled` that
        user code is to stop.
        """
        if self._unanswered is not None and len(self._unanswered) > 1:
            return self._unanswered.pop(input_id, None)
        self.cancelled = self.cancelled or self.holds(input_id)
        return None


def takes_batches(function: dict[str, Any]) -> bool:
    """Whether the engine gathers the inputs of a function, which it describes in the `start` frame."""
    return bool((function.get("options") or {}).get("batch_max_size"))
