"""What is known of a class with `@app.cls`."""

from __future__ import annotations

from typing import Any, Optional

from modal.exception import InvalidError
from modal.options import FunctionOptions, NotApplied
from modal.parameters import Parameter, parameters_of
from modal.place import Place, place_of
from modal.partial_function import PartialFunction


class ClassDefinition:
    """Of a class that is found by its name, only that and its app's. `overrides` are settings for further instances."""

    def __init__(
        self,
        *,
        app: Any,
        name: str,
        user_cls: Optional[type] = None,
        options: Optional[FunctionOptions] = None,
        not_applied: Optional[list[NotApplied]] = None,
        overrides: Optional[dict[str, Any]] = None,
    ) -> None:
        self.app = app
        self.name = name
        self.user_cls = user_cls
        self.options = options
        self.not_applied = not_applied or []
        self.overrides = overrides or {}
        self.partials = _partials_of(user_cls) if user_cls else {}
        self.parameters: dict[str, Parameter] = parameters_of(user_cls) if user_cls else {}
        if self.parameters and self.has_constructor:
            raise InvalidError(f"{name} has both an `__init__` and parameters; keep one of them.")

    @property
    def service_name(self) -> str:
        """The name of the one function that runs all methods."""
        return f"{self.name}.*"

    @property
    def place(self) -> Place:
        """Where it is looked up. Raises ExecutionError for the App without a name, which cannot be deployed."""
        return place_of(self.app, self.name)

    @property
    def has_constructor(self) -> bool:
        """Whether instances are made by an `__init__` of the user's."""
        return self.user_cls is not None and self.user_cls.__init__ is not object.__init__  # type: ignore[misc]

    @property
    def methods(self) -> dict[str, PartialFunction]:
        """What can be called from elsewhere; known where the class is defined."""
        return {name: partial for name, partial in self.partials.items() if not partial.hook}

    def with_overrides(self, overrides: dict[str, Any]) -> ClassDefinition:
        """The same class with further settings for its instances."""
        return ClassDefinition(
            app=self.app,
            name=self.name,
            user_cls=self.user_cls,
            options=self.options,
            not_applied=self.not_applied,
            overrides={**self.overrides, **overrides},
        )


def _partials_of(user_cls: type) -> dict[str, PartialFunction]:
    members = {name: value for owner in reversed(user_cls.__mro__) for name, value in vars(owner).items()}
    return {name: value for name, value in members.items() if isinstance(value, PartialFunction)}
