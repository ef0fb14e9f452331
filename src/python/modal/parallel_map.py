"""Calls with many inputs, as methods of a function: blocking, or in an event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextvars import copy_context
from typing import Any, Callable, Optional

from modal.dual import connected_channel, run
from modal.input_feeder import InputFeeder
from modal.map_results import MapResults
from modal.rows import Rows
from spawnpoint.payload import encode_args

_NO_MORE = object()


def map_rows(
    function: Any, rows: Rows, kwargs: Optional[dict[str, Any]], ordered: bool, return_exceptions: bool
) -> MapResults:
    """The results of `function` over `rows`, the arguments of each input."""
    return MapResults(function, rows, kwargs or {}, ordered=ordered, return_exceptions=return_exceptions)


def spawn_rows(function: Any, rows: Rows, kwargs: Optional[dict[str, Any]]) -> str:
    """Starts a call over `rows` that goes on by itself, and returns its id when the engine has all inputs."""
    function_call_id: str = run(function.start_map("async"))
    feeder = InputFeeder(connected_channel(), function_call_id, function.method_name, None)
    try:
        for row in rows:
            feeder.add(encode_args(tuple(row), kwargs or {}))
    finally:
        feeder.end()
    feeder.wait_until_sent()
    return function_call_id


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
                value = await loop.run_in_executor(thread, lambda: context.run(next, results, _NO_MORE))
                if value is _NO_MORE:
                    return
                yield value
        finally:
            results.interrupt()
            thread.submit(results.close)
            thread.shutdown(wait=False)


class _BoundForEach(_BoundMap):
    def __call__(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        for _ in self._create(*args, **kwargs):
            pass

    async def aio(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        async for _ in super().aio(*args, **kwargs):
            pass


class MapMethod:
    """Decorates a method that returns MapResults: called as `f.map(...)`, or as `async for x in f.map.aio(...)`."""

    def __init__(self, create: Callable[..., MapResults]) -> None:
        self._create = create
        self.__doc__ = create.__doc__

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else _BoundMap(self._create.__get__(instance, owner))


class ThreadMethod:
    """Decorates a method that blocks; its `.aio` runs it on a thread."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else _BoundThreadMethod(self._method.__get__(instance, owner))


class _BoundThreadMethod:
    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._method(*args, **kwargs)

    async def aio(self, *args: Any, **kwargs: Any) -> Any:
        from asyncio import to_thread

        return await to_thread(self._method, *args, **kwargs)


class ForEachMethod(MapMethod):
    """Like MapMethod, for results that are dropped: called as `f.for_each(...)`, or as `await f.for_each.aio(...)`."""

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else _BoundForEach(self._create.__get__(instance, owner))
