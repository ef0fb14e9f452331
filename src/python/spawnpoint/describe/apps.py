"""The apps of an imported file and what is in them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from modal.app import App, created_apps, wrong_name
from modal.options import NotApplied
from modal.services import NOT_HERE, made_services
from spawnpoint.describe.classes import class_not_applied, describe_class
from spawnpoint.describe.faults import DeployFault, no_app, no_functions, no_name, same_name
from spawnpoint.describe.functions import describe_function
from spawnpoint.describe.project import Project


def describe_apps(entry: ModuleType, project: Project, for_run: bool = False) -> dict[str, Any]:
    """`apps` of the description. Raises DeployFault where there is none, or one that cannot be deployed."""
    in_file = [value for value in vars(entry).values() if isinstance(value, App)]
    apps = [app for app in created_apps() if app in in_file and app.included_in not in in_file]
    if not apps:
        raise no_app(project.path)
    names: set[str] = set()
    for app in apps:
        if for_run:
            app.take_name(project.entry_module)
        if not app.name:
            raise no_name(app.path, app.line)
        fault = None if for_run else wrong_name(app.name)
        if fault is not None:
            raise DeployFault(fault, app.path, app.line)
        if app.name in names:
            raise same_name(app.name, app.path, app.line)
        names.add(app.name)
        if not for_run and not app.registered_functions and not app.class_definitions:
            raise no_functions(app.name, app.path, app.line)
    return {"apps": [_describe_app(app, project) for app in apps]}


def _describe_app(app: App, project: Project) -> dict[str, Any]:
    functions = app.registered_functions
    classes = app.class_definitions
    ignored = [*app.not_applied, *(NotApplied("", service, NOT_HERE) for service in made_services())]
    for function in functions.values():
        ignored += function.not_applied
    for definition in classes.values():
        ignored += class_not_applied(definition)
    return {
        "name": app.name,
        "functions": [
            *(describe_function(function, project) for function in functions.values()),
            *(describe_class(definition, project) for definition in classes.values()),
        ],
        "not_applied": [_describe_not_applied(entry) for entry in ignored],
        "local_entrypoints": [
            {"name": name, "line": entrypoint.raw_f.__code__.co_firstlineno}
            for name, entrypoint in app.registered_entrypoints.items()
        ],
    }


def _describe_not_applied(entry: NotApplied) -> dict[str, str]:
    return {"function": entry.function_name, "option": entry.option, "reason": entry.reason, "value": entry.value}
