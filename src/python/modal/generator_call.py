"""Calls of generators, as a method of a function: blocking, or in an event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Callable, Optional

from modal.dual import Request, Steps, run, run_async
from spawnpoint.channel import Reply
from spawnpoint.payload import decode_value
from spawnpoint.payload_files import payloads_of

if TYPE_CHECKING:
    from modal.function_call import FunctionCall

_MAX_POLL_S = 55.0


class _Items:
    """What a generator call yields, read in pieces."""

    def __init__(self, call: FunctionCall) -> None:
        self._call = call
        self._last_index = 0
        self.ended = False

    def next_values(self) -> Steps:
        """Waits for the next values and returns them serialized, with their formats; none at the generator's end."""
        params = {"function_call_id": self._call.object_id, "timeout_s": _MAX_POLL_S}
        while True:
            reply = yield Request("items", {**params, "last_index": self._last_index})
            values = _values_of(reply)
            self._last_index += len(values)
            if values:
                return values
            if reply.value["ended"]:
                self.ended = True
                # Raises what the generator raised.
                yield from self._call.end_steps()
                return []

    def cancel(self) -> Steps:
        """Ends a generator whose items nobody takes any more."""
        yield Request("cancel", {"function_call_id": self._call.object_id, "terminate_containers": False})


def _values_of(reply: Reply) -> list[tuple[int, bytes]]:
    entries = reply.value["items"]
    return [(entry["format"], data) for entry, data in zip(entries, payloads_of(entries, reply.payload))]


def _iterate(start: Steps, is_ours: bool) -> Iterator[Any]:
    items = _Items(run(start))
    try:
        while not items.ended:
            for data_format, data in run(items.next_values()):
                yield decode_value(data_format, data)
    finally:
        if is_ours and not items.ended:
            run(items.cancel())


async def _iterate_async(start: Steps, is_ours: bool) -> AsyncIterator[Any]:
    items = _Items(await run_async(start))
    try:
        while not items.ended:
            for data_format, data in await run_async(items.next_values()):
                yield decode_value(data_format, data)
    finally:
        if is_ours and not items.ended:
            await run_async(items.cancel())


class _BoundGenerator:
    def __init__(self, start: Callable[..., Steps], is_ours: bool) -> None:
        self._start = start
        self._is_ours = is_ours

    def __call__(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        return _iterate(self._start(*args, **kwargs), self._is_ours)

    def aio(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        return _iterate_async(self._start(*args, **kwargs), self._is_ours)


class GeneratorMethod:
    """Makes a method of a description that gives a generator's call: `f.remote_gen(...)`, `async for x in f.remote_gen.aio(...)`.

    A call that is ours was started for the loop, and is cancelled when the loop is left before its end.
    """

    def __init__(self, start: Callable[..., Steps], *, is_ours: bool) -> None:
        self._start = start
        self._is_ours = is_ours
        self.__doc__ = start.__doc__

    def __get__(self, instance: Optional[Any], owner: type) -> Any:
        return self if instance is None else _BoundGenerator(self._start.__get__(instance, owner), self._is_ours)


def started_for_loop(start: Callable[..., Steps]) -> GeneratorMethod:
    """Decorates a description that starts a generator."""
    return GeneratorMethod(start, is_ours=True)


def found_for_loop(find: Callable[..., Steps]) -> GeneratorMethod:
    """Decorates a description that finds a generator's call, which goes on when nobody reads it any more."""
    return GeneratorMethod(find, is_ours=False)
