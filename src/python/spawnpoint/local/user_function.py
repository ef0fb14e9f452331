"""Finds the Python function behind a name."""

from __future__ import annotations

import inspect
import os
from typing import Any, Callable, NamedTuple, Optional

from modal.app import created_apps
from modal.class_instance import ClassInstance
from modal.partial_function import PartialFunction
from spawnpoint.describe.classes import annotations_of
from spawnpoint.describe.faults import DeployFault
from spawnpoint.describe.functions import describe_parameters
from spawnpoint.describe.project import Project
from spawnpoint.local.refusal import Refusal


class UserFunction(NamedTuple):
    """User code's function, without the decorator."""

    call: Callable[..., Any]
    is_generator: bool
    #: Names of the parameters that Python takes by their position only, without the instance of a method.
    positional_only: list[str]

    def run(self, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Calls it. What is given by name for a parameter that has to stand in its place goes there, as from a client."""
        placed, rest = [*args], {**kwargs}
        for name in self.positional_only[len(args) :]:
            if name not in rest:
                break
            placed.append(rest.pop(name))
        return self.call(*placed, **rest)


def import_function(
    path: str, app_name: str, qualname: str, parameters: dict[str, Any], parameter_texts: dict[str, str]
) -> UserFunction:
    """Imports the file as a deployment does. What user code raises passes through; Refusal says what is not there.

    `app_name` may be empty: any app of the process. `parameters` are those of the instance, for the method of a class; where that
    declares a `str`, what the user wrote in `parameter_texts` counts.
    """
    try:
        Project(path).import_entry()
    except DeployFault as fault:
        raise Refusal(str(fault)) from fault
    apps = [app for app in created_apps() if not app_name or app.name == app_name]
    functions = {
        str(inspect.unwrap(function.get_raw_f()).__qualname__): function
        for app in apps
        for function in app.registered_functions.values()
    }
    methods = {
        f"{definition.user_cls.__qualname__}.{name}": (definition, partial)
        for app in apps
        for definition in app.class_definitions.values()
        for name, partial in definition.methods.items()
    }
    if qualname in functions:
        function = functions[qualname]
        return _user_function(function.get_raw_f(), function.get_raw_f(), function.is_generator)
    if qualname in methods:
        definition, partial = methods[qualname]
        types = annotations_of(definition.user_cls) if definition.parameters else {}
        texts = {name: text for name, text in parameter_texts.items() if types.get(name) is str}
        return _method(ClassInstance(definition, (), {**parameters, **texts}), partial)
    names = ", ".join([*functions, *methods]) or "nothing"
    raise Refusal(f"{os.path.basename(path)} has no Modal function {qualname}; it has: {names}.")


def _method(instance: ClassInstance, partial: PartialFunction) -> UserFunction:
    def call(*args: Any, **kwargs: Any) -> Any:
        return instance.run_local(partial.raw_f, args, kwargs)

    function = _user_function(call, partial.raw_f, partial.is_generator)
    return function._replace(positional_only=function.positional_only[1:])


def _user_function(call: Callable[..., Any], raw_f: Callable[..., Any], is_generator: Optional[bool]) -> UserFunction:
    inner = inspect.unwrap(raw_f)
    yields = inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner)
    described = describe_parameters(inner, {})
    positional_only = [parameter["name"] for parameter in described if parameter.get("positional_only")]
    return UserFunction(call, yields if is_generator is None else is_generator, positional_only)
