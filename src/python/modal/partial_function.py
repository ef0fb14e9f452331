"""The decorators that stand between `@app.function` or a class and a plain function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional

from modal.concurrency import Batching, Concurrency, read_batching, read_concurrency
from modal.exception import InvalidError

if TYPE_CHECKING:
    from modal.web import WebSettings


class PartialFunction:
    """A function that has been decorated but does not belong to an App yet."""

    def __init__(self, raw_f: Callable[..., Any]) -> None:
        if getattr(type(raw_f), "_stands_above_all", False):
            raise InvalidError("`@app.function()` and `@app.cls()` stand above all of Modal's other decorators; move it up.")
        if not callable(raw_f):
            raise InvalidError(f"Modal's decorators take a function, not {raw_f!r}.")
        self.raw_f = raw_f
        self.not_applied: list[tuple[str, str]] = []
        self.is_method = False
        self.concurrency: Optional[Concurrency] = None
        self.batching: Optional[Batching] = None
        self.is_generator: Optional[bool] = None
        #: For a web endpoint.
        self.web: Optional[WebSettings] = None
        #: "enter" or "exit" for what runs at the beginning and end of a container; empty for the rest.
        self.hook = ""
        self.snap = False
        self.__name__ = getattr(raw_f, "__name__", repr(raw_f))
        self.__doc__ = raw_f.__doc__

    @property
    def is_batched(self) -> bool:
        """Whether it takes lists."""
        return self.batching is not None

    def report(self, option: str, reason: str) -> None:
        """Says that a setting has no effect here."""
        self.not_applied.append((option, reason))

    def bound_to(self, instance: Any) -> Callable[..., Any]:
        """The plain Python method of an object."""
        bound: Callable[..., Any] = self.raw_f.__get__(instance)
        return bound

    def __get__(self, instance: Any, _owner: Any = None) -> Any:
        if instance is None:
            return self
        of_class = getattr(instance, "_modal_instance", None)
        if of_class is None or self.hook:
            # Of a class without `@app.cls`, or while its constructor runs: a method like any other.
            return self.bound_to(instance)
        from modal.class_method import Method

        return Method(of_class, self.__name__, self.raw_f)


Decorator = Callable[[Any], PartialFunction]


def decorator(name: str, given: Any, change: Callable[[PartialFunction], None]) -> Decorator:
    """A decorator that changes a function. Raises InvalidError where its parentheses are missing."""
    if given is not None:
        raise InvalidError(f"Did you forget the parentheses? Write `@modal.{name}(...)`, with keyword arguments only.")

    def decorate(target: Any) -> PartialFunction:
        partial = target if isinstance(target, PartialFunction) else PartialFunction(target)
        change(partial)
        return partial

    return decorate


def batched(
    _warn_parentheses_missing: Any = None,
    *,
    max_batch_size: Optional[int] = None,
    wait_ms: Optional[int] = None,
) -> Decorator:
    """The function takes lists and returns a list, one item per input: up to so many inputs that come within the wait."""

    def change(partial: PartialFunction) -> None:
        partial.batching = read_batching(max_batch_size, wait_ms)

    return decorator("batched", _warn_parentheses_missing, change)


def concurrent(
    _warn_parentheses_missing: Any = None,
    *,
    max_inputs: Optional[int] = None,
    target_inputs: Optional[int] = None,
) -> Decorator:
    """A container runs several inputs at a time: those of an `async def` as tasks of one event loop, others in threads.

    Stands under `@app.function` or `@app.cls`. Containers are added for more than `target_inputs` each, while there may be more.
    """

    def change(partial: PartialFunction) -> None:
        partial.concurrency = read_concurrency(max_inputs, target_inputs)

    return decorator("concurrent", _warn_parentheses_missing, change)


def method(_warn_parentheses_missing: Any = None, *, is_generator: Optional[bool] = None) -> Decorator:
    """Marks a method that can be called from elsewhere."""

    def change(partial: PartialFunction) -> None:
        partial.is_generator = is_generator
        partial.is_method = True

    return decorator("method", _warn_parentheses_missing, change)


def enter(_warn_parentheses_missing: Any = None, *, snap: bool = False) -> Decorator:
    """Marks a method that runs once when a container starts; those with `snap` run before the others."""

    def change(partial: PartialFunction) -> None:
        partial.hook = "enter"
        partial.snap = snap

    return decorator("enter", _warn_parentheses_missing, change)


def exit(_warn_parentheses_missing: Any = None) -> Decorator:
    """Marks a method that runs once before a container ends."""

    def change(partial: PartialFunction) -> None:
        partial.hook = "exit"

    return decorator("exit", _warn_parentheses_missing, change)
