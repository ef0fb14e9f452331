"""The decorators that stand between `@app.function` or a class and a plain function."""

from __future__ import annotations

import functools
from typing import Any, Callable, Optional

from modal.exception import InvalidError, UnimplementedError

_NO_WEB = "The local engine has no web server; call the function itself."
_ONE_AT_A_TIME = "A container runs one input at a time."
_BATCHES_OF_ONE = "Inputs are not collected; the function gets batches of one."


class PartialFunction:
    """A function that has been decorated but does not belong to an App yet."""

    def __init__(self, raw_f: Callable[..., Any]) -> None:
        if not callable(raw_f):
            raise InvalidError(f"Modal's decorators take a function, not {raw_f!r}.")
        self.raw_f = raw_f
        self.not_applied: list[tuple[str, str]] = []
        self.is_batched = False
        self.is_enter = False
        self.__name__ = getattr(raw_f, "__name__", repr(raw_f))
        self.__doc__ = raw_f.__doc__

    def __get__(self, instance: Any, _owner: Any = None) -> Any:
        return self if instance is None else BoundMethod(self.raw_f, instance)


class BoundMethod:
    """A method of a class with `@app.cls`: runs here, and says why it does not run elsewhere."""

    def __init__(self, raw_f: Callable[..., Any], instance: Any) -> None:
        self.local = functools.partial(raw_f, instance)
        self._name = raw_f.__qualname__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.local(*args, **kwargs)

    def __getattr__(self, verb: str) -> Any:
        if verb.startswith("_"):
            raise AttributeError(verb)
        raise UnimplementedError(
            f"`{self._name}.{verb}` cannot run: the local engine does not run classes yet; use a function, or `.local`."
        )


Decorator = Callable[[Any], PartialFunction]


def _decorator(name: str, given: Any, change: Callable[[PartialFunction], None]) -> Decorator:
    if given is not None:
        raise InvalidError(f"Did you forget the parentheses? Write `@modal.{name}(...)`, with keyword arguments only.")

    def decorate(target: Any) -> PartialFunction:
        partial = target if isinstance(target, PartialFunction) else PartialFunction(target)
        change(partial)
        return partial

    return decorate


def _reporting(name: str, reason: str) -> Callable[..., Decorator]:
    def decorator(_warn_parentheses_missing: Any = None, **_options: Any) -> Decorator:
        return _decorator(name, _warn_parentheses_missing, lambda partial: partial.not_applied.append((name, reason)))

    decorator.__name__ = name
    return decorator


asgi_app = _reporting("asgi_app", _NO_WEB)
concurrent = _reporting("concurrent", _ONE_AT_A_TIME)
fastapi_endpoint = _reporting("fastapi_endpoint", _NO_WEB)
web_endpoint = _reporting("web_endpoint", _NO_WEB)
wsgi_app = _reporting("wsgi_app", _NO_WEB)


def web_server(port: int, **_options: Any) -> Decorator:
    """Accepted and reported as not applied."""
    return _decorator("web_server", None, lambda partial: partial.not_applied.append(("web_server", _NO_WEB)))


def batched(
    _warn_parentheses_missing: Any = None,
    *,
    max_batch_size: Optional[int] = None,
    wait_ms: Optional[int] = None,
) -> Decorator:
    """The function takes lists and returns a list, one item per input."""

    def change(partial: PartialFunction) -> None:
        partial.is_batched = True
        partial.not_applied.append(("batched", _BATCHES_OF_ONE))

    return _decorator("batched", _warn_parentheses_missing, change)


def method(_warn_parentheses_missing: Any = None, **_options: Any) -> Decorator:
    """Marks a method that can be called from elsewhere."""
    return _decorator("method", _warn_parentheses_missing, lambda _partial: None)


def enter(_warn_parentheses_missing: Any = None, *, snap: bool = False) -> Decorator:
    """Marks a method that runs once when a container starts."""

    def change(partial: PartialFunction) -> None:
        partial.is_enter = True

    return _decorator("enter", _warn_parentheses_missing, change)


def exit(_warn_parentheses_missing: Any = None) -> Decorator:
    """Marks a method that runs once before a container ends."""
    return _decorator("exit", _warn_parentheses_missing, lambda _partial: None)
