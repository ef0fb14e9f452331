"""Type annotations, as far as a form needs them: Modal's base types and what lists and dicts hold."""

from __future__ import annotations

from typing import Any, Callable, Optional, get_args, get_origin, get_type_hints

_BASES: dict[Any, str] = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    bytes: "bytes",
    list: "list",
    dict: "dict",
    None: "none",
    type(None): "none",
}

UNKNOWN: dict[str, Any] = {"base": "unknown", "sub": []}


def read_annotations(function: Callable[..., Any]) -> dict[str, Any]:
    """Parameter names, and `return`, with their types. What cannot be evaluated is left out."""
    try:
        return get_type_hints(function)
    except Exception:
        # One unknown name makes the whole fail: those that are no text are good nevertheless.
        annotations: dict[str, Any] = getattr(function, "__annotations__", {})
        return {name: _evaluated(value, function) for name, value in annotations.items()}


def describe_annotation(annotation: Any) -> dict[str, Any]:
    """`{"base", "sub"}`. Anything but a base type is "unknown"."""
    if annotation is None:
        return UNKNOWN
    base = _base_of(get_origin(annotation) or annotation)
    if base is None:
        return UNKNOWN
    wanted = {"list": 1, "dict": 2}.get(base, 0)
    arguments = get_args(annotation)
    return {"base": base, "sub": [describe_annotation(part) for part in arguments] if len(arguments) == wanted else []}


def _base_of(kind: Any) -> Optional[str]:
    try:
        return _BASES.get(kind)
    except TypeError:
        return None


def _evaluated(value: Any, function: Callable[..., Any]) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return eval(value, function.__globals__)
    except Exception:
        return None
