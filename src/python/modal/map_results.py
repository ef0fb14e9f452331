"""The results of a call with many inputs: fed from a thread while they come back, bounded in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Any, Optional

from modal.dual import checked, connected_channel, run
from modal.input_feeder import InputFeeder
from modal.outputs import Output, outputs_of
from modal.rows import Rows
from spawnpoint.channel import Channel
from spawnpoint.payload import encode_args

# As many unfinished inputs as Modal allows a map.
_MAX_UNFINISHED = 1000
_MAX_OUTPUTS = 1000
_MAX_POLL_S = 55.0
# Results that wait for an earlier one: beyond this, no further inputs are sent until they are taken.
_MAX_HELD_BYTES = 64 * 1024 * 1024

_CLOSED = object()


class MapResults:
    """Iterates over the results of one map. The call begins with the first `next`, as in Modal."""

    def __init__(
        self,
        function: Any,
        rows: Rows,
        kwargs: dict[str, Any],
        *,
        ordered: bool,
        return_exceptions: bool,
    ) -> None:
        self._function = function
        self._rows = rows
        self._kwargs = kwargs
        self._ordered = ordered
        self._return_exceptions = return_exceptions
        # What the receiving loop waits for: replies, the number of inputs once it is known, errors, _CLOSED.
        self._events: SimpleQueue[Any] = SimpleQueue()
        self._values = self._run()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._values)

    def close(self) -> None:
        """Stops feeding. Inputs that were sent go on, as in Modal."""
        self._values.close()

    def interrupt(self) -> None:
        """Ends the iteration from another thread, also while it waits."""
        self._events.put(_CLOSED)

    def _run(self) -> Generator[Any, None, None]:
        channel = connected_channel()
        function_call_id = run(self._function.start_map("sync"))
        feeder = InputFeeder(channel, function_call_id, self._function.method_name, _MAX_UNFINISHED)
        feeder.on_error = self._events.put
        # The user's iterators run in the context of the caller: prints and calls in them belong to its input.
        Thread(target=copy_context().run, args=(self._feed, feeder), name="spawnpoint-map", daemon=True).start()
        try:
            for output in self._receive(channel, function_call_id, feeder):
                error = output.error()
                if error is None:
                    yield output.value()
                elif self._return_exceptions:
                    yield error
                else:
                    raise error
        finally:
            feeder.end()

    def _feed(self, feeder: InputFeeder) -> None:
        count = 0
        try:
            for row in self._rows:
                if not feeder.add(encode_args(tuple(row), self._kwargs)):
                    return
                count += 1
            feeder.end()
            self._events.put(count)
        except BaseException as error:
            self._events.put(error)

    def _receive(self, channel: Channel, function_call_id: str, feeder: InputFeeder) -> Iterator[Output]:
        order = _Order(feeder) if self._ordered else None
        received = 0
        total: Optional[int] = None
        self._poll(channel, function_call_id, "")
        while total is None or received < total:
            event = self._events.get()
            if event is _CLOSED:
                return
            if isinstance(event, BaseException):
                raise event
            if isinstance(event, int):
                total = event
                continue
            outputs = outputs_of(checked(event))
            received += len(outputs)
            if total is None or received < total:
                # Asked before these are taken, so that the next ones travel meanwhile.
                self._poll(channel, function_call_id, event.value["cursor"])
            if order is None:
                feeder.release(len(outputs))
                yield from outputs
            else:
                for output in outputs:
                    yield from order.arrange(output)

    def _poll(self, channel: Channel, function_call_id: str, cursor: str) -> None:
        params = {"function_call_id": function_call_id, "cursor": cursor, "timeout_s": _MAX_POLL_S, "max": _MAX_OUTPUTS}
        channel.start_request("outputs", params, b"", self._events.put)


class _Order:
    """Holds outputs back until those before them have come."""

    def __init__(self, feeder: InputFeeder) -> None:
        self._feeder = feeder
        self._held: dict[int, Output] = {}
        self._held_bytes = 0
        self._next_index = 0
        self._unreleased = 0

    def arrange(self, output: Output) -> Iterator[Output]:
        """Takes an output and yields those whose turn has come."""
        self._held[output.index] = output
        self._held_bytes += len(output.data)
        self._unreleased += 1
        self._release()
        while self._next_index in self._held:
            ready = self._held.pop(self._next_index)
            self._next_index += 1
            self._held_bytes -= len(ready.data)
            self._release()
            yield ready

    def _release(self) -> None:
        if self._unreleased and self._held_bytes < _MAX_HELD_BYTES:
            self._feeder.release(self._unreleased)
            self._unreleased = 0
