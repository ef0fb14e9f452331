"""Calls with many inputs: fed from a thread while results come back, bounded in memory."""

from __future__ import annotations

from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Any, AsyncIterator, Callable, Iterable, Iterator, Optional

from modal.dual import Request, Steps, checked, connected_channel, run
from modal.exception import InvalidError
from modal.input_feeder import InputFeeder
from modal.outputs import Output, outputs_of
from spawnpoint.channel import Channel
from spawnpoint.payload import encode_args

# As many unfinished inputs as Modal allows a map.
_MAX_UNFINISHED = 1000
_MAX_OUTPUTS = 1000
_MAX_POLL_S = 55.0
# Results that wait for an earlier one: beyond this, no further inputs are sent until they are taken.
_MAX_HELD_BYTES = 64 * 1024 * 1024

Rows = Iterable["tuple[Any, ...]"]
_CLOSED = object()
_NO_MORE = object()


class MapResults:
    """Iterates over the results of one map. The call begins with the first `next`, as in Modal."""

    def __init__(self, start_map: Callable[[str], Steps], rows: Rows, kwargs: dict[str, Any], *, ordered: bool, return_exceptions: bool) -> None:
        self._start_map = start_map
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

    def _run(self) -> Iterator[Any]:
        channel = connected_channel()
        function_call_id = run(self._start_map("sync"))
        feeder = InputFeeder(channel, function_call_id, _MAX_UNFINISHED)
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


def map_rows(function: Any, rows: Rows, kwargs: Optional[dict[str, Any]], ordered: bool, return_exceptions: bool) -> MapResults:
    """The results of `function` over `rows`, the arguments of each input."""
    return MapResults(function.start_map, rows, kwargs or {}, ordered=ordered, return_exceptions=return_exceptions)


def spawn_rows(function: Any, rows: Rows, kwargs: Optional[dict[str, Any]]) -> str:
    """Starts a call over `rows` that goes on by itself, and returns its id when the engine has all inputs."""
    function_call_id: str = run(function.start_map("async"))
    feeder = InputFeeder(connected_channel(), function_call_id, None)
    try:
        for row in rows:
            feeder.add(encode_args(tuple(row), kwargs or {}))
    finally:
        feeder.end()
    feeder.wait_until_sent()
    return function_call_id


def for_each(results: MapResults) -> None:
    """Takes all results and drops them."""
    for _ in results:
        pass


def rows_of_iterables(iterables: tuple[Any, ...]) -> Rows:
    """One row for each step through all iterables together. Raises InvalidError for what cannot be iterated."""
    if not iterables:
        raise InvalidError("`map` takes one iterable for each argument, as in `f.map([1, 2, 3])`.")
    return zip(*(_iterator(iterable, "f.map([1, 2, 3])") for iterable in iterables))


def rows_of_sequences(iterable: Any) -> Rows:
    """The items themselves, each a sequence of arguments. Raises InvalidError for what cannot be iterated."""
    return _iterator(iterable, "f.starmap([(1, 2), (3, 4)])")


def _iterator(iterable: Any, right_form: str) -> Iterator[Any]:
    if hasattr(iterable, "__aiter__"):
        return _iterate_async(iterable)
    try:
        return iter(iterable)
    except TypeError:
        raise InvalidError(f"{iterable!r} cannot be iterated; write it as in `{right_form}`.") from None


def _iterate_async(iterable: Any) -> Iterator[Any]:
    from asyncio import get_running_loop, run_coroutine_threadsafe

    try:
        loop = get_running_loop()
    except RuntimeError:
        raise InvalidError("An async iterable can only be mapped over with `.map.aio` in an `async def`.") from None
    iterator = iterable.__aiter__()

    async def take() -> Any:
        try:
            return await iterator.__anext__()
        except StopAsyncIteration:
            return _NO_MORE

    # Steps happen on the loop, while the thread that feeds the map waits for them.
    return iter(lambda: run_coroutine_threadsafe(take(), loop).result(), _NO_MORE)


class _BoundMap:
    def __init__(self, create: Callable[..., MapResults]) -> None:
        self._create = create

    def __call__(self, *args: Any, **kwargs: Any) -> MapResults:
        return self._create(*args, **kwargs)

    async def aio(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        from asyncio import get_running_loop
        from concurrent.futures import ThreadPoolExecutor

        results = self._create(*args, **kwargs)
        loop = get_running_loop()
        thread = ThreadPoolExecutor(1, "spawnpoint-map")
        context = copy_context()
        try:
            while True:
                value = await loop.run_in_executor(thread, context.run, next, results, _NO_MORE)
                if value is _NO_MORE:
                    return
                yield value
        finally:
            results.interrupt()
            thread.submit(results.close)
            thread.shutdown(wait=False)


class MapMethod:
    """Decorates a method that returns MapResults: called as `f.map(...)`, or as `async for x in f.map.aio(...)`."""

    def __init__(self, create: Callable[..., MapResults]) -> None:
        self._create = create
        self.__doc__ = create.__doc__

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else _BoundMap(self._create.__get__(instance, owner))
