"""Entry of a question: where functions and classes stand in files, which are read and not imported.

Standard input is a JSON list of `[path, qualified name]`; standard output the list of their places, null for what is not there.
"""

from __future__ import annotations

import ast
import json
import sys
from functools import lru_cache
from typing import Any, Optional

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def place(path: str, qualified_name: str) -> Optional[dict[str, Any]]:
    """First line, of the decorators if there are some, last line, and docstring. Of several with the same name the last counts."""
    found: Optional[ast.AST] = _parsed(path)
    for name in qualified_name.split("."):
        body = getattr(found, "body", [])
        found = next((node for node in reversed(body) if isinstance(node, _DEFINITIONS) and node.name == name), None)
    if not isinstance(found, _DEFINITIONS):
        return None
    line = found.decorator_list[0].lineno if found.decorator_list else found.lineno
    return {"line": line, "end_line": found.end_lineno or line, "doc": ast.get_docstring(found) or ""}


@lru_cache(maxsize=None)
def _parsed(path: str) -> Optional[ast.Module]:
    try:
        with open(path, "rb") as file:
            return ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return None


if __name__ == "__main__":
    print(json.dumps([place(path, name) for path, name in json.load(sys.stdin)]))
