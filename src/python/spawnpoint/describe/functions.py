"""One function: where it stands, what it takes and returns, how it is to be run."""

from __future__ import annotations

import ast
import inspect
import linecache
from typing import Any, Callable, Optional

from modal.functions import Function
from modal.options import FunctionOptions
from spawnpoint.describe.annotations import UNKNOWN, describe_annotation, read_annotations
from spawnpoint.describe.faults import DeployFault
from spawnpoint.describe.project import Project

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
    raw_f = function.get_raw_f()
    inner = inspect.unwrap(raw_f)
    code = getattr(inner, "__code__", None)
    if code is None:
        raise DeployFault(
            f"{function.name} is not a Python function; `@app.function()` needs a `def`.", project.path, 0
        )
    is_generator = inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner)
    parameters, return_type = _describe_signature(function, inner)
    return {
        "name": function.name,
        "module": inner.__module__,
        "qualname": inner.__qualname__,
        "path": code.co_filename,
        "line": code.co_firstlineno,
        "end_line": _end_line(code.co_filename, code.co_firstlineno),
        "is_generator": is_generator if function.is_generator is None else function.is_generator,
        "is_async": inspect.iscoroutinefunction(raw_f) or inspect.isasyncgenfunction(raw_f),
        "doc": inspect.getdoc(inner) or "",
        "parameters": parameters,
        "return_type": return_type,
        "options": _describe_options(function.options),
    }


def _describe_signature(function: Function, inner: Callable[..., Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    annotations = read_annotations(inner)
    parameters = [
        _describe_parameter(parameter, describe_annotation(annotations.get(parameter.name)))
        for parameter in inspect.signature(inner).parameters.values()
    ]
    return_type = describe_annotation(annotations["return"]) if "return" in annotations else UNKNOWN
    if function.is_batched:
        # Callers pass and get single items; only the function itself sees lists.
        for parameter in parameters:
            parameter["type"] = _item_type(parameter["type"])
        return_type = _item_type(return_type)
    return parameters, return_type


def _describe_parameter(parameter: inspect.Parameter, described_type: dict[str, Any]) -> dict[str, Any]:
    has_default = parameter.default is not inspect.Parameter.empty
    return {
        "name": parameter.name,
        "kind": _KINDS[parameter.kind],
        "type": described_type,
        "has_default": has_default,
        "default": repr(parameter.default)[:_MAX_DEFAULT_CHARACTERS] if has_default else None,
    }


def _item_type(described: dict[str, Any]) -> dict[str, Any]:
    is_list = described["base"] == "list" and described["sub"]
    return described["sub"][0] if is_list else UNKNOWN


def _describe_options(options: Optional[FunctionOptions]) -> dict[str, Any]:
    assert options is not None, "a registered function has options"
    retries = options.retries
    return {
        "timeout_s": options.timeout,
        "retries": retries
        and {
            "max_retries": retries.max_retries,
            "backoff_coefficient": retries.backoff_coefficient,
            "initial_delay_s": retries.initial_delay,
            "max_delay_s": retries.max_delay,
        },
        "min_containers": options.min_containers,
        "max_containers": options.max_containers,
        "buffer_containers": options.buffer_containers,
        "scaledown_window_s": options.scaledown_window,
    }


def _end_line(path: str, line: int) -> int:
    for node in ast.walk(ast.parse("".join(linecache.getlines(path)))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if first == line:
                return node.end_lineno or line
    return line
