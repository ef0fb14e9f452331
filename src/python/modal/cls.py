"""Classes with `@app.cls`: importable and usable in the same process. The local engine cannot run them yet."""

from __future__ import annotations

from typing import Any, NoReturn

from modal.exception import InvalidError, UnimplementedError
from modal.options import NotApplied
from modal.partial_function import PartialFunction

_REASON = "The local engine does not run classes yet; its methods can be called with `.local(...)` only."
_MISSING = object()


class _Parameter:
    """A class attribute that becomes an argument of the constructor."""

    def __init__(self, default: Any) -> None:
        self.default = default


def parameter(*, default: Any = _MISSING, init: bool = True) -> Any:
    """Declares a parameter of a class, as a dataclass field does."""
    return _Parameter(default if init or default is not _MISSING else None)


class Cls:
    """A registered class. Calling it makes an instance in this process."""

    def __init__(self, user_cls: type, not_applied: list[NotApplied]) -> None:
        self._user_cls = user_cls
        self.not_applied = [NotApplied(user_cls.__name__, "cls", _REASON), *not_applied]
        self.__name__ = user_cls.__name__
        self.__doc__ = user_cls.__doc__
        self.__module__ = user_cls.__module__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        declared = {name: getattr(self._user_cls, name, None) for name in dir(self._user_cls)}
        parameters = {name: value for name, value in declared.items() if isinstance(value, _Parameter)}
        instance = object.__new__(self._user_cls) if parameters else self._user_cls(*args, **kwargs)
        for name, field in parameters.items():
            value = kwargs.get(name, field.default)
            if value is _MISSING:
                raise InvalidError(f"{self.__name__} needs a value for its parameter `{name}`.")
            setattr(instance, name, value)
        for value in declared.values():
            if isinstance(value, PartialFunction) and value.is_enter:
                value.raw_f(instance)
        return instance

    def __getattr__(self, name: str) -> Any:
        return getattr(self._user_cls, name)

    def with_options(self, **_options: Any) -> Cls:
        return self

    @staticmethod
    def from_name(app_name: str, name: str, **_options: Any) -> NoReturn:
        raise UnimplementedError(f"{app_name}.{name} cannot be used: the local engine does not run classes yet.")

    lookup = from_name
