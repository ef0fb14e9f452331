"""Where a function stands in its file, read without running any of it."""

from __future__ import annotations

import ast
import os
import tokenize
from typing import Any, Optional, Union

from spawnpoint.local.refusal import Refusal

_Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def find_definition(path: str, qualname: str) -> dict[str, Any]:
    """Lines from 1, the first being that of the first decorator, and the text there. Raises Refusal or SyntaxError."""
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}); check the path.") from error
    node = _find(ast.parse(text, path), [part for part in qualname.split(".") if part != "<locals>"])
    if node is None:
        raise Refusal(f"{os.path.basename(path)} has no function {qualname}; check the name.")
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    last = node.end_lineno or node.lineno
    return {"line": first, "end_line": last, "text": "\n".join(text.split("\n")[first - 1 : last])}


def _find(scope: ast.AST, names: list[str]) -> Optional[_Definition]:
    """The last definition of that name counts, as it does when the file is run."""
    found: Optional[_Definition] = None
    for node in _definitions_in(scope):
        if node.name != names[0]:
            continue
        if len(names) > 1:
            found = _find(node, names[1:]) or found
        elif not isinstance(node, ast.ClassDef):
            found = node
    return found


def _definitions_in(scope: ast.AST) -> list[Any]:
    """Definitions of this scope, also those inside `if`, `try` and `with`."""
    found: list[Any] = []
    for node in ast.iter_child_nodes(scope):
        found += [node] if isinstance(node, _DEFINITIONS) else _definitions_in(node)
    return found
