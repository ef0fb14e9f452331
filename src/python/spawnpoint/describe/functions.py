"""One function: where it stands, what it takes and returns, how it is to be run."""

from __future__ import annotations

import ast
import inspect
import linecache
from typing import TYPE_CHECKING, Any, Callable, Optional

from modal.functions import Function
from modal.options import describe_options
from spawnpoint.describe.annotations import UNKNOWN, describe_annotation, read_annotations
from spawnpoint.describe.faults import DeployFault
from spawnpoint.describe.project import Project

if TYPE_CHECKING:
    from modal.web import WebSettings

_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.VAR_POSITIONAL: "var_positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_KEYWORD: "var_keyword",
}
_MAX_DEFAULT_CHARACTERS = 200


def describe_function(function: Function, project: Project) -> dict[str, Any]:
    """One entry of an app's `functions`."""
    assert function.options is not None, "a registered function has options"
    described = describe_callable(
        function.name,
        function.get_raw_f(),
        project,
        is_generator=function.is_generator,
        is_batched=function.is_batched,
        web=function.web,
    )
    return {
        **described,
        "options": describe_options(function.options),
        "variables": dict(function.options.environment),
        "volumes": [mount.described() for mount in function.options.volumes],
    }


def describe_callable(
    name: str,
    raw_f: Callable[..., Any],
    project: Project,
    *,
    is_generator: Optional[bool],
    is_batched: bool,
    is_method: bool = False,
    web: Optional[WebSettings] = None,
) -> dict[str, Any]:
    """Where something that can be called stands, what it takes and what it returns. `is_generator` None: as its code says."""
    inner = inspect.unwrap(raw_f)
    code = getattr(inner, "__code__", None)
    if code is None:
        decorator = "@modal.method()" if is_method else "@app.function()"
        raise DeployFault(f"{name} is not a Python function; `{decorator}` needs a `def`.", project.path, 0)
    if is_generator is None:
        is_generator = inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner)
    parameters, return_type = _describe_signature(inner, is_batched)
    described = {
        "name": name,
        "module": inner.__module__,
        "qualname": inner.__qualname__,
        "path": code.co_filename,
        "line": code.co_firstlineno,
        "end_line": _end_line(code.co_filename, code.co_firstlineno),
        "is_generator": is_generator,
        "is_async": inspect.iscoroutinefunction(raw_f) or inspect.isasyncgenfunction(raw_f),
        "doc": inspect.getdoc(inner) or "",
        # The first one of a method is the instance.
        "parameters": parameters[1:] if is_method else parameters,
        "return_type": return_type,
    }
    # Requests are answered on an event loop, whatever the user's function is.
    return {**described, **({"is_async": True, "web": {"kind": web.kind, "label": web.label}} if web else {})}


def _describe_signature(inner: Callable[..., Any], is_batched: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    annotations = read_annotations(inner)
    parameters = describe_parameters(inner, annotations)
    return_type = describe_annotation(annotations["return"]) if "return" in annotations else UNKNOWN
    if is_batched:
        # Callers pass and get single items; only the function itself sees lists.
        for parameter in parameters:
            parameter["type"] = _item_type(parameter["type"])
        return_type = _item_type(return_type)
    return parameters, return_type


def describe_parameters(function: Callable[..., Any], annotations: dict[str, Any]) -> list[dict[str, Any]]:
    """What a function takes; of a method, also the instance."""
    parameters = list(inspect.signature(function).parameters.values())
    # With `**kwargs`, the name of a positional-only parameter may stand for something else.
    is_open = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters)
    return [_describe_parameter(parameter, annotations, is_open) for parameter in parameters]


def _describe_parameter(parameter: inspect.Parameter, annotations: dict[str, Any], is_open: bool) -> dict[str, Any]:
    has_default = parameter.default is not inspect.Parameter.empty
    is_positional_only = parameter.kind is inspect.Parameter.POSITIONAL_ONLY and not is_open
    return {
        "name": parameter.name,
        "kind": _KINDS[parameter.kind],
        **({"positional_only": True} if is_positional_only else {}),
        "type": describe_annotation(annotations.get(parameter.name)),
        "has_default": has_default,
        "default": repr(parameter.default)[:_MAX_DEFAULT_CHARACTERS] if has_default else None,
    }


def _item_type(described: dict[str, Any]) -> dict[str, Any]:
    is_list = described["base"] == "list" and described["sub"]
    return described["sub"][0] if is_list else UNKNOWN


def _end_line(path: str, line: int) -> int:
    for node in ast.walk(ast.parse("".join(linecache.getlines(path)))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if first == line:
                return node.end_lineno or line
    return line
