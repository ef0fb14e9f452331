"""A script as `python script.py` runs it, with the stand-in `modal`."""

from __future__ import annotations

import os
import sys
from tokenize import open as open_source
from types import ModuleType
from typing import Any

from spawnpoint.run.refusal import Refusal
from spawnpoint.startup import use_project


def run_script(start: dict[str, Any]) -> None:
    """Runs `path` as `__main__` with `args`. What it raises passes through."""
    path: str = start["path"]
    folder = os.getcwd()
    use_project(os.path.dirname(path))
    os.chdir(folder)
    sys.argv = [start["given_path"], *start["args"]]
    main = ModuleType("__main__")
    main.__file__ = path
    main.__builtins__ = __builtins__  # type: ignore[attr-defined]
    sys.modules["__main__"] = main
    # Containers import the script under its own name; what they send back of its classes is found here.
    sys.modules.setdefault(os.path.splitext(os.path.basename(path))[0], main)
    exec(_code(path), main.__dict__)


def _code(path: str) -> Any:
    try:
        with open_source(path) as file:
            return compile(file.read(), path, "exec", dont_inherit=True)
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {path}.") from error
