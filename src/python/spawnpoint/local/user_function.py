"""Finds the Python function behind a name."""

from __future__ import annotations

import inspect
import os
from typing import Any, Callable, NamedTuple

from modal.app import created_apps
from modal.functions import Function
from spawnpoint.describe.faults import DeployFault
from spawnpoint.describe.project import Project
from spawnpoint.local.refusal import Refusal


class UserFunction(NamedTuple):
    """User code's function, without the decorator."""

    call: Callable[..., Any]
    is_generator: bool


def import_function(path: str, app_name: str, qualname: str) -> UserFunction:
    """Imports the file as a deployment does. What user code raises passes through; Refusal says what is not there.

    `app_name` may be empty: any app of the process.
    """
    try:
        Project(path).import_entry()
    except DeployFault as fault:
        raise Refusal(str(fault)) from fault
    functions = [
        function
        for app in created_apps()
        if not app_name or app.name == app_name
        for function in app.registered_functions.values()
    ]
    for function in functions:
        if _qualname(function) == qualname:
            return _user_function(function)
    names = ", ".join(_qualname(function) for function in functions) or "nothing"
    raise Refusal(f"{os.path.basename(path)} has no Modal function {qualname}; it has: {names}.")


def _qualname(function: Function) -> str:
    return str(inspect.unwrap(function.get_raw_f()).__qualname__)


def _user_function(function: Function) -> UserFunction:
    call = function.get_raw_f()
    inner = inspect.unwrap(call)
    is_generator = inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner)
    return UserFunction(call, is_generator if function.is_generator is None else function.is_generator)
