"""One class: the function that runs all its methods, with the methods and the parameters of its constructor."""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
from typing import Any, Optional, Union, get_type_hints

from modal.class_definition import ClassDefinition
from modal.exception import InvalidError
from modal.options import NotApplied, describe_options
from modal.parameters import TYPE_NAMES, encode_parameter
from modal.partial_function import PartialFunction
from spawnpoint.describe.annotations import UNKNOWN, read_annotations
from spawnpoint.describe.faults import DeployFault
from spawnpoint.describe.functions import describe_callable, describe_parameters
from spawnpoint.describe.project import Project


def describe_class(definition: ClassDefinition, project: Project) -> dict[str, Any]:
    """One entry of an app's `functions`, with what is special to classes under `cls`."""
    user_cls = definition.user_cls
    assert user_cls is not None and definition.options is not None, "a registered class is defined here"
    path = getattr(sys.modules.get(user_cls.__module__), "__file__", None) or project.path
    line, end_line = _lines_of(path, user_cls.__qualname__)
    methods = [_describe_method(definition, name, partial, project) for name, partial in definition.methods.items()]
    hooks = [partial.raw_f for partial in definition.partials.values() if partial.hook]
    return {
        "name": definition.service_name,
        "module": user_cls.__module__,
        "qualname": user_cls.__qualname__,
        "path": path,
        "line": line,
        "end_line": end_line,
        "is_generator": False,
        "is_async": any(method["is_async"] for method in methods) or any(map(inspect.iscoroutinefunction, hooks)),
        "doc": inspect.getdoc(user_cls) or "",
        "parameters": [],
        "return_type": UNKNOWN,
        "options": describe_options(definition.options),
        "variables": dict(definition.options.environment),
        "volumes": [mount.described() for mount in definition.options.volumes],
        "cls": {
            "name": definition.name,
            "parameter_format": "typed" if definition.parameters else "pickle",
            "parameters": _describe_parameters(definition, path, line),
            "constructor_parameters": _describe_constructor(definition),
            "methods": methods,
        },
    }


def class_not_applied(definition: ClassDefinition) -> list[NotApplied]:
    """The settings of a class and of its methods that have no effect."""
    of_methods = [
        NotApplied(f"{definition.name}.{name}", option, reason)
        for name, partial in definition.methods.items()
        for option, reason in partial.not_applied
    ]
    return [*definition.not_applied, *of_methods]


def _describe_method(
    definition: ClassDefinition, name: str, partial: PartialFunction, project: Project
) -> dict[str, Any]:
    described = describe_callable(
        f"{definition.name}.{name}",
        partial.raw_f,
        project,
        is_generator=partial.is_generator,
        is_batched=partial.is_batched,
        is_method=True,
        web=partial.web,
    )
    return {**described, "name": name}


def _describe_parameters(definition: ClassDefinition, path: str, line: int) -> list[dict[str, Any]]:
    annotations = annotations_of(definition.user_cls)
    described = []
    for name, field in definition.parameters.items():
        type_name = TYPE_NAMES.get(annotations.get(name))  # type: ignore[arg-type]
        what = f"the parameter `{name}` of {definition.name}"
        if type_name is None:
            raise DeployFault(f"{what} needs a type, one of {', '.join(TYPE_NAMES.values())}.", path, line)
        default = encode_parameter(definition.name, name, field.default) if field.has_default else None
        if default is not None and default["type"] != type_name:
            raise DeployFault(f"the default of {what} is no {type_name}: {field.default!r}.", path, line)
        described.append({"name": name, "type": type_name, "default": default})
    return described


def _describe_constructor(definition: ClassDefinition) -> list[dict[str, Any]]:
    """What an `__init__` of the user's takes by name, with the defaults that can be sent."""
    if not definition.has_constructor:
        return []
    constructor = definition.user_cls.__init__  # type: ignore[misc]
    try:
        defaults = {name: parameter.default for name, parameter in inspect.signature(constructor).parameters.items()}
    except ValueError:
        # Of a class that is written in C.
        return []
    return [
        {**described, "default": _sendable(definition.name, described["name"], defaults[described["name"]])}
        for described in describe_parameters(constructor, read_annotations(constructor))[1:]
        if described["kind"] in ("positional", "keyword") and not described.get("positional_only")
    ]


def _sendable(class_name: str, name: str, default: Any) -> Optional[dict[str, Any]]:
    try:
        return encode_parameter(class_name, name, default)
    except InvalidError:
        return None


def annotations_of(user_cls: Optional[type]) -> dict[str, Any]:
    """The types of a class's attributes, as far as they can be told."""
    try:
        return get_type_hints(user_cls)  # type: ignore[arg-type]
    except Exception:
        # One unknown name makes the whole fail; those of parameters are names of built-in types.
        written = {name: value for owner in reversed(user_cls.__mro__) for name, value in _written_in(owner).items()}
        built_in = {kind.__name__: kind for kind in TYPE_NAMES}
        return {name: built_in.get(value) if isinstance(value, str) else value for name, value in written.items()}


def _written_in(owner: type) -> dict[str, Any]:
    try:
        return dict(getattr(owner, "__annotations__", {}))
    except Exception:
        # Python 3.14 evaluates them only now.
        return {}


def _lines_of(path: str, qualname: str) -> tuple[int, int]:
    """First line, of the decorators if there are some, and last line of a class."""
    try:
        found: Union[ast.AST, None] = ast.parse("".join(linecache.getlines(path)))
    except SyntaxError:
        found = None
    for name in qualname.split("."):
        found = next(
            (node for node in getattr(found, "body", []) if isinstance(node, ast.ClassDef) and node.name == name), None
        )
    if not isinstance(found, ast.ClassDef):
        return 0, 0
    first = found.decorator_list[0].lineno if found.decorator_list else found.lineno
    return first, found.end_lineno or first
