"""Which modules a source may import, also later: in functions, and under conditions."""

from __future__ import annotations

import ast


def imported_names(source: str, path: str, module: str, is_package: bool) -> list[str]:
    """Absolute names of modules, each with the packages that it is in. Some may turn out to be no modules at all."""
    names: dict[str, None] = {}
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                _add(names, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, module, is_package)
            for alias in node.names:
                _add(names, f"{base}.{alias.name}" if base else alias.name)
    return list(names)


def _absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    package = parts[: len(parts) - node.level + (1 if is_package else 0)]
    return ".".join([*package, *([node.module] if node.module else [])])


def _add(names: dict[str, None], name: str) -> None:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        names[".".join(parts[:end])] = None
