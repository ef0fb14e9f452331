"""The user's file with the modules around it: how they are named, found, imported and recorded."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from tokenize import detect_encoding
from types import CodeType, ModuleType
from typing import Any, Optional

from spawnpoint.describe.faults import DeployFault
from spawnpoint.describe.local_imports import imported_names
from spawnpoint.startup import use_project

_INIT = "__init__.py"
_INSTALLED = {"site-packages", "dist-packages", "node_modules"}


class Project:
    """`root` is the folder where imports of the file's own modules begin: the nearest one that is not a package."""

    def __init__(self, path: str, root: Optional[str] = None) -> None:
        self.path = path
        folder, file_name = os.path.split(path)
        names = [os.path.splitext(file_name)[0]]
        while self._is_inside(folder, root) and os.path.dirname(folder) != folder:
            folder, package = os.path.split(folder)
            names.insert(0, package)
        self.root = folder
        self.entry_module = ".".join(names)
        self._recorded: dict[str, dict[str, Any]] = {}

    @staticmethod
    def _is_inside(folder: str, root: Optional[str]) -> bool:
        return os.path.exists(os.path.join(folder, _INIT)) if root is None else folder != root

    def is_local(self, path: str) -> bool:
        """Whether `path` is a source file of the user's: below the root and not installed."""
        if not path.startswith(os.path.join(self.root, "")):
            return False
        if sys.prefix != sys.base_prefix and path.startswith(os.path.join(sys.prefix, "")):
            return False
        return _INSTALLED.isdisjoint(path[len(self.root) :].split(os.sep))

    def import_entry(self) -> ModuleType:
        """Imports the file under its module name. Whatever it raises passes through."""
        if not os.path.isfile(self.path):
            raise DeployFault(f"there is no such file in {os.path.dirname(self.path)}.", self.path, 0)
        if self.entry_module in sys.modules:
            raise DeployFault(
                f"Python already has a module named `{self.entry_module}`; rename the file.", self.path, 0
            )
        use_project(self.root)
        sys.meta_path.insert(0, _LocalFinder(self))
        if "." in self.entry_module:
            __import__(self.entry_module)
            return sys.modules[self.entry_module]
        # By its path, since a file's name need not be an identifier.
        loader = _RecordingLoader(self.entry_module, self.path, self)
        spec = spec_from_file_location(self.entry_module, self.path, loader=loader)
        assert spec is not None
        module = module_from_spec(spec)
        sys.modules[self.entry_module] = module
        loader.exec_module(module)
        return module

    def record(self, module: str, path: str, data: bytes) -> str:
        """Keeps the source of a module and returns its text."""
        text = _decode(path, data)
        is_package = os.path.basename(path) == _INIT
        self._recorded[module] = {"module": module, "path": path, "is_package": is_package, "source": text}
        return text

    def sources(self) -> list[dict[str, Any]]:
        """All modules that were imported, and those that functions import when they run."""
        unread = list(self._recorded)
        while unread:
            source = self._recorded[unread.pop()]
            for name in imported_names(source["source"], source["path"], source["module"], source["is_package"]):
                path = None if name in sys.modules or name in self._recorded else self._find(name)
                if path is not None:
                    with open(path, "rb") as file:
                        self.record(name, path, file.read())
                    unread.append(name)
        return [self._recorded[name] for name in sorted(self._recorded)]

    def _find(self, name: str) -> Optional[str]:
        base = os.path.join(self.root, *name.split("."))
        for path in (os.path.join(base, _INIT), base + ".py"):
            if os.path.isfile(path) and self.is_local(path):
                return path
        return None


class _LocalFinder:
    """Finds what Python's own finder finds, and has the source of local modules recorded."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[ModuleSpec]:
        if name in sys.builtin_module_names:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if (
            spec is None
            or not isinstance(spec.loader, SourceFileLoader)
            or not self._project.is_local(spec.loader.path)
        ):
            return None
        spec.loader = _RecordingLoader(name, spec.loader.path, self._project)
        return spec


class _RecordingLoader(SourceFileLoader):
    """Compiles exactly what it records: no cached bytecode, which could be older than the file."""

    def __init__(self, name: str, path: str, project: Project) -> None:
        super().__init__(name, path)
        self._project = project

    def get_code(self, fullname: str) -> CodeType:
        text = self._project.record(fullname, self.path, self.get_data(self.path))
        return compile(text, self.path, "exec", dont_inherit=True)


def _decode(path: str, data: bytes) -> str:
    lines = iter(data.splitlines(keepends=True))
    try:
        encoding, _ = detect_encoding(lambda: next(lines, b""))
        return data.decode(encoding)
    except SyntaxError as error:
        error.filename = path
        raise
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SyntaxError(f"The text is not {encoding}", (path, line, None, None)) from None
