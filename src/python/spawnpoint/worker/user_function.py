"""A function, or a method, that a worker runs."""

from __future__ import annotations

from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Callable

from modal.exception import InvalidError
from spawnpoint.payload import encode_value


class UserFunction:
    """User code's function and what becomes of its results."""

    def __init__(
        self, name: str, call: Callable[..., Any], *, is_async: bool, is_generator: bool, is_batched: bool
    ) -> None:
        self.name = name
        self.is_async = is_async
        self.is_generator = is_generator
        self.call = _batch_of_one(call) if is_batched else call

    def encode_result(self, data_format: int, value: Any) -> bytes:
        """The result as bytes. Raises where it is not a value but work that is still to be done."""
        if isinstance(value, (GeneratorType, AsyncGeneratorType)):
            raise InvalidError(
                f"{self.name} returns a generator, but is not a generator function; return a list, or use `yield from`."
            )
        if isinstance(value, CoroutineType):
            value.close()
            raise InvalidError(f"{self.name} returns a coroutine; make it `async def`, or await the coroutine in it.")
        return encode_value(data_format, value)


def _batch_of_one(call: Callable[..., Any]) -> Callable[..., Any]:
    def call_with_lists(*args: Any, **kwargs: Any) -> Any:
        results = call(*([value] for value in args), **{name: [value] for name, value in kwargs.items()})
        return _first_awaited(results) if isinstance(results, CoroutineType) else results[0]

    return call_with_lists


async def _first_awaited(results: Any) -> Any:
    return (await results)[0]
