"""What a worker runs: one function, or the methods of one instance of a class."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Callable

from modal.exception import ExecutionError, InvalidError
from spawnpoint.importer import SnapshotImporter
from spawnpoint.snapshot import Snapshot
from spawnpoint.startup import use_project
from spawnpoint.worker.batch import takes_batches
from spawnpoint.worker.user_function import UserFunction

if TYPE_CHECKING:
    from spawnpoint.web.endpoint import Endpoint


class UserCode:
    """Functions by the method that inputs name; a plain function is there under the empty name."""

    def __init__(
        self,
        name: str,
        functions: dict[str, UserFunction],
        enter_hooks: tuple[Callable[..., Any], ...] = (),
        exit_hooks: tuple[Callable[..., Any], ...] = (),
    ) -> None:
        self._name = name
        self._functions = functions
        self.enter_hooks = enter_hooks
        self.exit_hooks = exit_hooks

    def function(self, method: str) -> UserFunction:
        """Raises InvalidError for a method that the class does not have."""
        if method not in self._functions:
            raise InvalidError(f"{self._name} has no method `{method}`; it has: {', '.join(self._functions) or 'none'}.")
        return self._functions[method]

    def is_async(self, method: str) -> bool:
        """Whether a method runs on an event loop."""
        return method in self._functions and self._functions[method].is_async


def import_user_code(snapshot: Snapshot) -> None:
    """Imports the deployed module. What it raises passes through."""
    SnapshotImporter(snapshot.sources).install()
    use_project(snapshot.root)
    entry = import_module(snapshot.entry_module)
    for module in snapshot.further_modules:
        import_module(module)
    # A script that runs its app pickles its own classes as those of `__main__`, which is another module here.
    vars(sys.modules["__main__"])["__getattr__"] = entry.__getattribute__


def find_user_code(snapshot: Snapshot, start: dict[str, Any], pickled: bytes) -> UserCode:
    """Finds the function in what was imported, or makes the instance. What user code raises passes through.

    `pickled` are the arguments of the instance's constructor, where they are not typed parameters.
    """
    from modal.app import created_apps

    name, app_name = start["function"]["name"], start["app"]["name"]
    apps = created_apps()
    for app in apps:
        app.take_name(snapshot.entry_module)
    # `App.deploy(name=...)` deploys one under another name.
    if app_name not in [app.name for app in apps]:
        for app in apps:
            if app.defines(name):
                app.be_known_as(app_name)
    for app in apps:
        if app.name != app_name:
            continue
        if name in app.registered_functions:
            _set_late(start, app.registered_functions[name].options)
            return _function_code(app.registered_functions[name], start["function"])
        for definition in app.class_definitions.values():
            if definition.service_name == name:
                _set_late(start, definition.options)
                return _class_code(definition, start, pickled)
    raise ExecutionError(
        f"{snapshot.entry_module} no longer defines {app_name}.{name} when a container imports it; "
        "is the definition inside `if modal.is_local()`?"
    )


def _set_late(start: dict[str, Any], options: Any) -> None:
    """Where the values of a deployment did not come along, as in an imported archive, those of its import count."""
    if "variables" not in start:
        os.environ.update(options.environment)


def _function_code(function: Any, entry: dict[str, Any]) -> UserCode:
    if function.web is not None:
        from spawnpoint.web.apps import endpoint_of

        endpoint = endpoint_of(function.web, function.get_raw_f())
        return UserCode(function.name, {"": _web_function(function.name, endpoint)}, (endpoint.start,), (endpoint.stop,))
    user_function = UserFunction(
        function.name,
        function.get_raw_f(),
        is_async=bool(entry.get("is_async")),
        is_generator=bool(entry.get("is_generator")),
        is_batched=function.is_batched or takes_batches(entry),
    )
    return UserCode(function.name, {"": user_function})


def _class_code(definition: Any, start: dict[str, Any], pickled: bytes) -> UserCode:
    from modal.class_instance import ClassInstance
    from modal.parameters import decode_parameter
    from spawnpoint.payload import PICKLE, decode_args

    args, kwargs = decode_args(PICKLE, pickled)
    for entry in start.get("parameters") or []:
        kwargs[entry["name"]] = decode_parameter(entry)
    instance = ClassInstance(definition, tuple(args), kwargs)
    user_object = instance.user_object()
    instance.mark_entered()
    functions = {}
    endpoints = []
    for entry in start["function"]["cls"]["methods"]:
        partial = definition.methods[entry["name"]]
        if partial.web is not None:
            from spawnpoint.web.apps import endpoint_of

            endpoint = endpoint_of(partial.web, partial.bound_to(user_object))
            endpoints.append(endpoint)
            functions[entry["name"]] = _web_function(f"{definition.name}.{entry['name']}", endpoint)
            continue
        functions[entry["name"]] = UserFunction(
            f"{definition.name}.{entry['name']}",
            partial.bound_to(user_object),
            is_async=entry["is_async"],
            is_generator=entry["is_generator"],
            is_batched=partial.is_batched or takes_batches(start["function"]),
        )
    return UserCode(
        definition.name,
        functions,
        (*instance.hooks("enter"), *(endpoint.start for endpoint in endpoints)),
        (*(endpoint.stop for endpoint in endpoints), *instance.hooks("exit")),
    )


def _web_function(name: str, endpoint: Endpoint) -> UserFunction:
    return UserFunction(name, endpoint.serve, is_async=True, is_generator=True, is_batched=False)
