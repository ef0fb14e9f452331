"""A call of a function, which can be waited for, looked at and cancelled."""

from __future__ import annotations

import builtins
import time
from collections.abc import Iterator
from typing import Any, ClassVar, Optional

from modal.dual import Dual, Request, Steps, dual
from modal.exception import InvalidError, OutputExpiredError
from modal.generator_call import found_for_loop
from modal.outputs import outputs_of

# As long as Modal's client lets one poll wait.
_MAX_POLL_S = 55.0


class FunctionCall:
    """A call that was started with `spawn`, by its id."""

    #: Waits for all of the calls it is given, and returns their results: `gather(a, b)`, or `await gather.aio(a, b)`.
    gather: ClassVar[Dual]

    #: Says to our pickles that this is passed on as Modal passes its handles.
    _pickled_by_id = True

    def __init__(self, function_call_id: str) -> None:
        self.object_id = function_call_id

    @classmethod
    def from_id(cls, function_call_id: str, _client: Any = None) -> FunctionCall:
        """A call by its id. Asks nobody yet."""
        if not function_call_id.startswith("fc-"):
            raise InvalidError(f"{function_call_id!r} is not the id of a function call; these begin with `fc-`.")
        return cls(function_call_id)

    @dual
    def get(self, timeout: Optional[float] = None, *, index: int = 0) -> Steps:
        """Waits for the result of one input and returns it, or raises what the function raised.

        `timeout` is in seconds; 0 asks once. Raises Python's own TimeoutError when there is no result by then, and
        OutputExpiredError when the engine no longer has it.
        """
        return (yield from self.get_steps(timeout, index))

    @found_for_loop
    def get_gen(self) -> Steps:
        """Yields what a generator's call yields, from its first item on, and goes on as it does.

        Leaving the loop leaves the call as it is.
        """
        yield from ()
        return self

    @dual
    def cancel(self, terminate_containers: bool = False) -> Steps:
        """Cancels the call's unfinished inputs, and with `terminate_containers` ends the containers they run in."""
        params = {"function_call_id": self.object_id, "terminate_containers": terminate_containers}
        yield Request("cancel", params)

    @dual
    def get_call_graph(self) -> Steps:
        """The inputs of this call, each with the calls that it made."""
        from modal.call_graph import build_call_graph

        reply = yield Request("call_graph", {"function_call_id": self.object_id})
        return build_call_graph(reply.value["inputs"], reply.value["function_calls"])

    @dual
    def num_inputs(self) -> Steps:
        """How many inputs the call has."""
        reply = yield Request("call_size", {"function_call_id": self.object_id})
        return reply.value["inputs"]

    def iter(self, *, start: int = 0, end: Optional[int] = None) -> Iterator[Any]:
        """The results of a call with many inputs, in their order, from `start` to before `end`."""
        for index in range(start, self.num_inputs() if end is None else end):
            yield self.get(index=index)

    def hydrate(self, _client: Any = None) -> FunctionCall:
        """Does nothing: the id is all that there is."""
        return self

    def __repr__(self) -> str:
        return f"modal.FunctionCall({self.object_id})"

    def end_steps(self) -> Steps:
        """Waits for the end of a generator, and raises what it raised."""
        params = {"function_call_id": self.object_id, "cursor": "", "timeout_s": _MAX_POLL_S, "max": 1, "index": 0}
        reply = yield Request("outputs", params)
        for output in outputs_of(reply):
            error = output.error()
            if error is not None:
                raise error

    def get_steps(self, timeout: Optional[float], index: int) -> Steps:
        """What `get` does, for other descriptions."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            remaining = _MAX_POLL_S if deadline is None else max(0.0, deadline - time.monotonic())
            params = {
                "function_call_id": self.object_id,
                "cursor": "",
                "timeout_s": min(_MAX_POLL_S, remaining),
                "max": 1,
                "index": index,
            }
            reply = yield Request("outputs", params)
            for output in outputs_of(reply):
                return output.value()
            if not reply.value["unfinished"]:
                raise OutputExpiredError(f"The engine no longer has the output of {self.object_id}.")
            if deadline is not None and time.monotonic() >= deadline:
                raise builtins.TimeoutError(f"{self.object_id} has no result after {timeout} s.")


def _gather(*function_calls: FunctionCall) -> Steps:
    """Waits for all results, in the order of the arguments."""
    results = []
    for call in function_calls:
        results.append((yield from call.get_steps(None, 0)))
    return results


FunctionCall.gather = Dual(_gather)
