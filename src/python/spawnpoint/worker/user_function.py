"""A function, or a method, that a worker runs."""

from __future__ import annotations

from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Callable

from modal.exception import InvalidError
from spawnpoint.context import Input
from spawnpoint.payload import decode_args, encode_value


class UserFunction:
    """User code's function, what it is given, and what becomes of its results."""

    def __init__(
        self, name: str, call: Callable[..., Any], *, is_async: bool, is_generator: bool, is_batched: bool
    ) -> None:
        self.name = name
        self.call = call
        self.is_async = is_async
        self.is_generator = is_generator
        self._is_batched = is_batched
        self._names = _parameter_names(call) if is_batched else []

    def arguments(self, inputs: list[Input]) -> tuple[list[Any], dict[str, Any]]:
        """Those of an input, or of a batch lists of them. Raises InvalidError where an input does not fit into its batch."""
        if not self._is_batched:
            return decode_args(inputs[0].format, inputs[0].data)
        calls = [self._by_name(*decode_args(item.format, item.data)) for item in inputs]
        return [], {name: [call[name] for call in calls] for name in self._names}

    def encode_results(self, inputs: list[Input], value: Any) -> list[bytes]:
        """A result for each input as bytes. Raises where there are no such results, or work that is still to be done."""
        if isinstance(value, (GeneratorType, AsyncGeneratorType)):
            raise InvalidError(
                f"{self.name} returns a generator, but is not a generator function; return a list, or use `yield from`."
            )
        if isinstance(value, CoroutineType):
            value.close()
            raise InvalidError(f"{self.name} returns a coroutine; make it `async def`, or await the coroutine in it.")
        if not self._is_batched:
            return [encode_value(inputs[0].format, value)]
        return [encode_value(item.format, result) for item, result in zip(inputs, self._checked_batch(inputs, value))]

    def _by_name(self, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        names = self._names
        # As strict as Modal: lists have no gaps, so nothing may be left out.
        given = dict(zip(names, args))
        doubled = next((name for name in kwargs if name in given), None)
        if doubled is not None:
            raise InvalidError(f"The batched function {self.name} was given `{doubled}` twice by an input of the batch.")
        given.update(kwargs)
        if len(args) > len(names) or set(given) != set(names):
            raise InvalidError(
                f"The batched function {self.name} takes exactly {', '.join(names) or 'nothing'}; "
                f"an input of the batch gave {len(args)} by position and {', '.join(kwargs) or 'none'} by name."
            )
        return given

    def _checked_batch(self, inputs: list[Input], value: Any) -> list[Any]:
        # Modal's own sentences: callers meet them there too.
        if not isinstance(value, list):
            raise InvalidError(f"Output of batched function {self.call.__name__} must be a list.")
        if len(value) != len(inputs):
            raise InvalidError(
                f"Output of batched function {self.call.__name__} must be a list of equal length as its inputs."
            )
        return value


def _parameter_names(call: Callable[..., Any]) -> list[str]:
    # Imported when it is wanted: it takes longer than most of what a container needs.
    from inspect import signature

    return list(signature(call).parameters)
