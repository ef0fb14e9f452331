"""How many inputs a container runs at a time, one by one or in batches: what the decorators and `with_...` methods take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional

from modal.exception import InvalidError

if TYPE_CHECKING:
    from modal.partial_function import PartialFunction

# Modal's limits.
_MAX_BATCH_SIZE = 1000
_MAX_WAIT_MS = 600_000


class Concurrency(NamedTuple):
    """Inputs that a container runs at a time: at most, and as many as the number of containers is planned for."""

    max_inputs: int
    target_inputs: Optional[int] = None


class Batching(NamedTuple):
    """How many inputs are gathered for one call of the function, and how long it waits for them."""

    max_batch_size: int
    wait_ms: int


def read_concurrency(max_inputs: Any, target_inputs: Any) -> Concurrency:
    """Raises TypeError without a maximum, and InvalidError for values that Modal refuses."""
    if max_inputs is None:
        raise TypeError("`@modal.concurrent()` missing required argument: `max_inputs`.")
    concurrency = Concurrency(
        _whole("max_inputs", max_inputs, 1), target_inputs and _whole("target_inputs", target_inputs, 1)
    )
    if concurrency.target_inputs is not None and concurrency.target_inputs > concurrency.max_inputs:
        raise InvalidError("`target_inputs` cannot be larger than `max_inputs`.")
    return concurrency


def read_batching(max_batch_size: Any, wait_ms: Any) -> Batching:
    """Raises InvalidError for values that Modal refuses."""
    return Batching(
        _whole("max_batch_size", max_batch_size, 1, _MAX_BATCH_SIZE), _whole("wait_ms", wait_ms, 0, _MAX_WAIT_MS)
    )


def check_batched(name: str, raw_f: Callable[..., Any], is_generator: Optional[bool]) -> None:
    """Raises InvalidError for a function that cannot be given lists and return one, as Modal does when it is deployed."""
    # Imported when it is wanted: it takes a fifth of the time in which a container of a plain function starts.
    import inspect

    if is_generator or inspect.isgeneratorfunction(raw_f) or inspect.isasyncgenfunction(raw_f):
        raise InvalidError(f"{name} is batched, so it cannot be a generator; return a list with a result for each input.")
    for parameter in inspect.signature(raw_f).parameters.values():
        if parameter.default is not inspect.Parameter.empty:
            raise InvalidError(f"{name} is batched, so its parameter `{parameter.name}` cannot have a default.")


def batching_of_class(class_name: str, methods: dict[str, PartialFunction]) -> Optional[Batching]:
    """What a class takes over from its batched method. Raises InvalidError beside other methods, as Modal does."""
    for name, method in methods.items():
        if method.concurrency is not None:
            raise InvalidError(
                f"`@modal.concurrent` stands at the method `{name}`; put it above the class {class_name}, under `@app.cls`."
            )
    batched = {name: method for name, method in methods.items() if method.batching is not None}
    if not batched:
        return None
    if len(methods) > 1:
        raise InvalidError(
            f"{class_name} has the batched method `{next(iter(batched))}` and {len(methods) - 1} more; "
            "a class with a batched method has no other method."
        )
    ((name, method),) = batched.items()
    check_batched(f"{class_name}.{name}", method.raw_f, method.is_generator)
    return method.batching


def _whole(name: str, value: Any, least: int, most: Optional[int] = None) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= least and (most is None or value <= most):
        return value
    limit = "" if most is None else f" to {most}"
    raise InvalidError(f"`{name}` takes a whole number from {least}{limit}, not {value!r}.")
