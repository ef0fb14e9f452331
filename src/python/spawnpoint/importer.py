"""Imports the user's modules from a snapshot, so that editing a file never changes what is deployed."""

from __future__ import annotations

import linecache
import os
import sys
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, Optional


class SnapshotImporter:
    """Finder and loader for the modules in a snapshot's `sources`. Paths stay those of the original files."""

    def __init__(self, sources: list[dict[str, Any]]) -> None:
        self._sources: dict[str, dict[str, Any]] = {source["module"]: source for source in sources}

    def install(self) -> None:
        """Puts the snapshot before everything that is found on disk."""
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Optional[ModuleSpec]:
        source = self._sources.get(name)
        if source is None:
            return None
        spec = ModuleSpec(name, self, origin=source["path"], is_package=source["is_package"])  # type: ignore[arg-type]
        spec.has_location = True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(os.path.dirname(source["path"]))
        return spec

    def create_module(self, _spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        source = self._sources[module.__name__]
        text, path = source["source"], source["path"]
        # Tracebacks show what runs here, also after the file was edited: an entry without a time is never checked.
        linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
        exec(self.get_code(module.__name__), module.__dict__)

    def get_code(self, name: str) -> CodeType:
        source = self._sources[name]
        return compile(source["source"], source["path"], "exec", dont_inherit=True)

    def get_source(self, name: str) -> str:
        text: str = self._sources[name]["source"]
        return text

    def is_package(self, name: str) -> bool:
        return bool(self._sources[name]["is_package"])

    def get_data(self, path: str) -> bytes:
        """For `pkgutil.get_data`: data files are read where they lie."""
        with open(path, "rb") as file:
            return file.read()
