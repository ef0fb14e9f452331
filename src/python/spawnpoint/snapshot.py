"""A deployed version's sources, as `describe.py` wrote them and the engine kept them."""

from __future__ import annotations

import json
from typing import Any


class Snapshot:
    """The part of snapshot.json that a worker needs."""

    def __init__(self, path: str) -> None:
        with open(path, encoding="utf-8") as file:
            content: dict[str, Any] = json.load(file)
        self.root: str = content["root"]
        self.entry_module: str = content["entry_module"]
        self.further_modules: list[str] = content.get("further_modules", [])
        self.sources: list[dict[str, Any]] = content["sources"]
        # Of every app of the file.
        self.functions: list[dict[str, Any]] = [function for app in content["apps"] for function in app["functions"]]

    def contains(self, path: str) -> bool:
        """Whether `path` is the file of one of the modules."""
        return any(source["path"] == path for source in self.sources)
