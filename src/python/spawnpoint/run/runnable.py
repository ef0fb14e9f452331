"""What a file has that can be run by its name: local entrypoints, functions and methods."""

from __future__ import annotations

import asyncio
import inspect
import os
from types import ModuleType
from typing import Any, Callable, NamedTuple, Optional

from modal.app import App, LocalEntrypoint
from modal.cls import Cls
from modal.functions import Function
from spawnpoint.describe.classes import annotations_of
from spawnpoint.run.arguments import parameters_of_function
from spawnpoint.run.refusal import Refusal


class Runnable(NamedTuple):
    """Something to run in its app. Its parameters are those of the instance too, for a method."""

    app: App
    name: str
    is_entrypoint: bool
    parameters: Callable[[], list[inspect.Parameter]]
    call: Callable[..., Any]


def find_runnable(module: ModuleType, path: str, name: str) -> Runnable:
    """What `name` means in a file; without one, its sole entrypoint, or else its sole function. Raises Refusal."""
    file_name = os.path.basename(path)
    apps = {variable: value for variable, value in vars(module).items() if isinstance(value, App)}
    if not apps:
        raise Refusal(f'{file_name} has no app; write `app = modal.App("my-app")` at its top level.')
    runnables = [runnable for app in dict.fromkeys(apps.values()) for runnable in _runnables_of(app)]
    if not runnables:
        raise Refusal(f"{file_name} has nothing to run; put `@app.local_entrypoint()` or `@app.function()` above a function.")
    names = ", ".join(runnable.name for runnable in runnables)
    if name:
        variable, _, rest = name.partition(".")
        wanted = rest if variable in apps and rest else name
        found = [runnable for runnable in runnables if runnable.name == wanted]
        if not found:
            raise Refusal(f"{file_name} has no {wanted} to run; it has: {names}.")
        return found[0]
    entrypoints = [runnable for runnable in runnables if runnable.is_entrypoint]
    candidates = entrypoints or runnables
    if len(candidates) > 1:
        raise Refusal(f"{file_name} has several things to run; name one, such as {file_name}::{candidates[0].name}, of: {names}.")
    return candidates[0]


def _runnables_of(app: App) -> list[Runnable]:
    return [
        *(_entrypoint(app, name, entrypoint) for name, entrypoint in app.registered_entrypoints.items()),
        *(_function(app, name, function) for name, function in app.registered_functions.items()),
        *(
            _method(app, cls_name, cls, method_name, partial.raw_f)
            for cls_name, cls in app.registered_classes.items()
            for method_name, partial in app.class_definitions[cls_name].methods.items()
            if partial.web is None
        ),
    ]


def _entrypoint(app: App, name: str, entrypoint: LocalEntrypoint) -> Runnable:
    raw_f = entrypoint.raw_f

    def call(*args: Any, **kwargs: Any) -> Any:
        result = raw_f(*args, **kwargs)
        return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result

    return Runnable(app, name, True, lambda: parameters_of_function(raw_f), call)


def _function(app: App, name: str, function: Function) -> Runnable:
    def call(*args: Any, **kwargs: Any) -> Any:
        _refuse_generator(name, function.get_raw_f(), function.is_generator)
        # Spawned, so that a detached run goes on without this process.
        return function.spawn(*args, **kwargs).get()

    return Runnable(app, name, False, lambda: parameters_of_function(function.get_raw_f()), call)


def _method(app: App, cls_name: str, cls: Cls, method_name: str, raw_f: Callable[..., Any]) -> Runnable:
    own = _instance_parameters(app, cls_name)
    name = f"{cls_name}.{method_name}"

    def call(*args: Any, **kwargs: Any) -> Any:
        _refuse_generator(name, raw_f, None)
        instance = cls(**{parameter.name: kwargs.pop(parameter.name) for parameter in own()})
        return getattr(instance, method_name).spawn(*args, **kwargs).get()

    return Runnable(app, name, False, lambda: [*own(), *parameters_of_function(raw_f)[1:]], call)


def _instance_parameters(app: App, cls_name: str) -> Callable[[], list[inspect.Parameter]]:
    definition = app.class_definitions[cls_name]
    user_cls: Any = definition.user_cls

    def parameters() -> list[inspect.Parameter]:
        if definition.has_constructor:
            return parameters_of_function(user_cls.__init__)[1:]
        annotations = annotations_of(user_cls)
        return [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=declared.default if declared.has_default else inspect.Parameter.empty,
                annotation=annotations.get(name, Any),
            )
            for name, declared in definition.parameters.items()
        ]

    return parameters


def _refuse_generator(name: str, raw_f: Callable[..., Any], is_generator: Optional[bool]) -> None:
    if is_generator or inspect.isgeneratorfunction(raw_f) or inspect.isasyncgenfunction(raw_f):
        raise Refusal(f"{name} is a generator function; run it from a local entrypoint, with `{name}.remote_gen()`.")


async def _awaited(result: Any) -> Any:
    return await result
