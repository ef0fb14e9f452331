"""The arguments of each input of a map, from the iterables that the user gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from modal.exception import InvalidError

Rows = Iterable["tuple[Any, ...]"]
_NO_MORE = object()


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
