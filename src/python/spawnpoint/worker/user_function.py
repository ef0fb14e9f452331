"""The one function that a worker runs."""

from __future__ import annotations

from importlib import import_module
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Callable

from modal.exception import ExecutionError, InvalidError
from spawnpoint.importer import SnapshotImporter
from spawnpoint.payload import encode_value
from spawnpoint.snapshot import Snapshot
from spawnpoint.startup import use_project


class UserFunction:
    """User code's function and what becomes of its results."""

    def __init__(self, name: str, call: Callable[..., Any], *, is_generator: bool, is_batched: bool) -> None:
        self.name = name
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


def load_user_function(
    snapshot: Snapshot, app_name: str, function_name: str, *, is_generator: bool
) -> UserFunction:
    """Imports the deployed module and finds the function. Whatever user code raises on the way passes through."""
    SnapshotImporter(snapshot.sources).install()
    use_project(snapshot.root)
    import_module(snapshot.entry_module)
    from modal.app import created_apps

    for app in created_apps():
        function = app.registered_functions.get(function_name) if app.name == app_name else None
        if function is not None:
            raw_f = function.get_raw_f()
            return UserFunction(function_name, raw_f, is_generator=is_generator, is_batched=function.is_batched)
    raise ExecutionError(
        f"{snapshot.entry_module} no longer defines {app_name}.{function_name} when a container imports it; "
        "is the definition inside `if modal.is_local()`?"
    )


def _batch_of_one(call: Callable[..., Any]) -> Callable[..., Any]:
    def call_with_lists(*args: Any, **kwargs: Any) -> Any:
        results = call(*([value] for value in args), **{name: [value] for name, value in kwargs.items()})
        return _first_awaited(results) if isinstance(results, CoroutineType) else results[0]

    return call_with_lists


async def _first_awaited(results: Any) -> Any:
    return (await results)[0]
