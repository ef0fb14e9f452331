"""Classes with `@app.cls`, and their instances: here, and in containers.

Attributes of the user's own class are reached through both, so they have few names of their own.
"""

from __future__ import annotations

from typing import Any, Optional

from modal.class_definition import ClassDefinition
from modal.class_instance import ClassInstance
from modal.dual import Request, Steps, dual
from modal.class_method import Method
from modal.options import batching_overrides, concurrency_overrides, read_overrides
from modal.place import Place, read_place

__all__ = ["Cls", "Obj"]


class Cls:
    """A class whose instances live in containers. Calling it gives a handle on an instance."""

    #: Says to the other decorators that they come before this.
    _stands_above_all = True

    def __init__(self, definition: ClassDefinition) -> None:
        self._definition = definition
        user_cls = definition.user_cls
        if user_cls is not None:
            self.__doc__ = user_cls.__doc__
            self.__module__ = user_cls.__module__
            self.__name__ = user_cls.__name__

    @classmethod
    def from_name(
        cls,
        app_name: str,
        name: str,
        *,
        version: Optional[int] = None,
        environment_name: Optional[str] = None,
        **_options: Any,
    ) -> Cls:
        """A deployed class by its app's name and its own, of a version of the app or of the live one. Asks nobody yet."""
        return cls(ClassDefinition(app=read_place(app_name, environment_name, version), name=name))

    @classmethod
    def lookup(cls, app_name: str, name: str, **options: Any) -> Cls:
        """Like `from_name`, but raises NotFoundError at once where there is no such class."""
        found = cls.from_name(app_name, name, **options)
        found.hydrate()
        return found

    @dual
    def hydrate(self, _client: Any = None) -> Steps:
        """Looks the class up. Raises NotFoundError where it is not deployed."""
        yield Request("lookup", {**self._definition.place.params, "name": self._definition.service_name})
        return self

    def with_options(self, **options: Any) -> Cls:
        """The same class with other settings: its instances have containers of their own."""
        return _changed(self._definition, read_overrides(self._definition.name, options))

    def with_concurrency(self, *, max_inputs: int, target_inputs: Optional[int] = None) -> Cls:
        """The same class, whose containers run several inputs at a time, as `@modal.concurrent` says it."""
        return _changed(self._definition, concurrency_overrides(max_inputs, target_inputs))

    def with_batching(self, *, max_batch_size: int, wait_ms: int) -> Cls:
        """The same class, whose methods take lists and return one, as `@modal.batched` says it."""
        return _changed(self._definition, batching_overrides(max_batch_size, wait_ms))

    def __call__(self, *args: Any, **kwargs: Any) -> Obj:
        return Obj(ClassInstance(self._definition, args, kwargs))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_definition":
            raise AttributeError(name)
        user_cls = self._definition.user_cls
        if user_cls is not None and name not in self._definition.methods:
            return getattr(user_cls, name)
        own_name = self._definition.name
        raise AttributeError(f"Make an instance first: `{own_name}().{name}`, not `{own_name}.{name}`.")

    def __reduce__(self) -> tuple[Any, ...]:
        return _class_by_name, (self._definition.place, self._definition.name, self._definition.overrides)

    def __repr__(self) -> str:
        return f"modal.Cls({self._definition.app.name}.{self._definition.name})"


class Obj:
    """An instance of a class: its methods, and in the process that defines the class its attributes too."""

    def __init__(self, instance: ClassInstance) -> None:
        self._instance = instance

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_instance":
            raise AttributeError(name)
        definition = self._instance.definition
        if definition.user_cls is None:
            return Method(self._instance, name)
        partial = definition.methods.get(name)
        if partial is None:
            return getattr(self._instance.user_object(), name)
        return Method(self._instance, name, partial.raw_f)

    def __reduce__(self) -> tuple[Any, ...]:
        instance = self._instance
        return _instance_of, (Cls(instance.definition), instance.args, instance.kwargs)

    def __repr__(self) -> str:
        instance = self._instance
        given = [*map(repr, instance.args), *(f"{name}={value!r}" for name, value in instance.kwargs.items())]
        return f"modal.Obj({instance.definition.app.name}.{instance.definition.name}({', '.join(given)}))"


def _changed(definition: ClassDefinition, overrides: dict[str, Any]) -> Cls:
    return Cls(definition.with_overrides(overrides))


def _class_by_name(place: Place, name: str, overrides: dict[str, Any]) -> Cls:
    return Cls(ClassDefinition(app=place, name=name, overrides=overrides))


def _instance_of(cls: Cls, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Obj:
    return cls(*args, **kwargs)
