"""One instance of a class: the Python object of this process, and the function that runs its methods in containers."""

from __future__ import annotations

from typing import Any, Callable, Optional

from modal.class_definition import ClassDefinition
from modal.dual import Request, Steps
from modal.exception import ExecutionError
from modal.parameters import by_name_only, encode_parameter, parameter_values


class ClassInstance:
    """A class with arguments for its constructor. Neither the object nor the function is there before it is needed."""

    def __init__(self, definition: ClassDefinition, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.definition = definition
        self.args = args
        self.kwargs = kwargs
        self._bound: Optional[dict[str, Any]] = None
        self._user_object: Any = None
        self._has_entered = False

    def user_object(self) -> Any:
        """The Python object. Raises ExecutionError for a class that is known by its name only."""
        definition = self.definition
        if definition.user_cls is None:
            raise ExecutionError(f"{definition.name} was found by its name, so its Python class is not here.")
        if self._user_object is None:
            self._user_object = self._construct(definition.user_cls)
        return self._user_object

    def hooks(self, kind: str) -> list[Callable[[], Any]]:
        """The `enter` or `exit` methods of the Python object; those with `snap` first."""
        partials = [partial for partial in self.definition.partials.values() if partial.hook == kind]
        partials.sort(key=lambda partial: not partial.snap)
        return [partial.bound_to(self.user_object()) for partial in partials]

    def mark_entered(self) -> None:
        """Says that the `enter` methods have run, or that somebody else runs them."""
        self._has_entered = True

    def run_local(self, raw_f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Runs a method on the Python object, the `enter` methods before the first one."""
        from inspect import iscoroutinefunction

        if iscoroutinefunction(raw_f):
            return self._run_local_async(raw_f, args, kwargs)
        if not self._has_entered:
            hooks = self.hooks("enter")
            if any(map(iscoroutinefunction, hooks)):
                raise ExecutionError(
                    f"{self.definition.name} has an `async def` enter method, which needs an event loop; "
                    "call an `async def` method of it first, or make the enter method a plain one."
                )
            for hook in hooks:
                hook()
            self.mark_entered()
        return raw_f(self.user_object(), *args, **kwargs)

    def bind_steps(self) -> Steps:
        """The id of the function that runs this instance's methods, and the methods by name."""
        if self._bound is None:
            is_pickled = yield from self._is_pickled()
            parameters, payload = self._parameters(is_pickled)
            params = {
                **self.definition.place.params,
                "name": self.definition.service_name,
                "options": self.definition.overrides,
                "parameters": parameters,
            }
            reply = yield Request("bind", params, payload)
            self._bound = reply.value
        return self._bound

    def _construct(self, user_cls: type) -> Any:
        definition = self.definition
        if definition.parameters:
            created = user_cls.__new__(user_cls)
            vars(created).update(parameter_values(definition.name, definition.parameters, self.args, self.kwargs))
        else:
            created = user_cls(*self.args, **self.kwargs)
        # From here on, `self.method` is what it is outside: a method that can be called remotely.
        created._modal_instance = self
        return created

    async def _run_local_async(self, raw_f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not self._has_entered:
            self.mark_entered()
            for hook in self.hooks("enter"):
                waited = hook()
                if hasattr(waited, "__await__"):
                    await waited
        return await raw_f(self.user_object(), *args, **kwargs)

    def _is_pickled(self) -> Steps:
        """Whether there are arguments for a constructor of the user's; of a class that was found by its name, the engine knows."""
        definition = self.definition
        if not (self.args or self.kwargs):
            return False
        if definition.user_cls is not None:
            return definition.has_constructor
        reply = yield Request("lookup", {**definition.place.params, "name": definition.service_name})
        return reply.value.get("parameter_format") == "pickle"

    def _parameters(self, is_pickled: bool) -> tuple[list[dict[str, Any]], bytes]:
        """Values with their names and types, or for a constructor of the user's its pickled arguments."""
        if is_pickled:
            from spawnpoint.payload import encode_args

            return [], encode_args(self.args, self.kwargs)
        declared = self.definition.parameters
        values = self.kwargs
        if self.definition.user_cls is not None:
            values = parameter_values(self.definition.name, declared, self.args, self.kwargs)
        elif self.args:
            raise by_name_only(self.definition.name)
        return [encode_parameter(self.definition.name, name, value) for name, value in values.items()], b""
