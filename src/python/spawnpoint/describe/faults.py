"""What is wrong with a file, as one sentence with a place."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable

from spawnpoint.failures import format_traceback, location, safe_str


class DeployFault(Exception):
    """The file can be imported, but not deployed."""

    def __init__(self, message: str, path: str, line: int) -> None:
        super().__init__(f"{place(path, line)}: {message}")
        self.path = path
        self.line = line


def no_app(path: str) -> DeployFault:
    """Of a file in which there is nothing to deploy."""
    return DeployFault('there is no app in this file; write `app = modal.App("my-app")`.', path, 0)


def no_name(path: str, line: int) -> DeployFault:
    """Of an app that nobody could find once it is deployed."""
    return DeployFault('the app has no name; write `modal.App("my-app")`.', path, line)


def same_name(name: str, path: str, line: int) -> DeployFault:
    """Of an app that would take the place of another one of its file."""
    return DeployFault(f'there is another app named "{name}" in this file; rename one.', path, line)


def no_functions(name: str, path: str, line: int) -> DeployFault:
    """Of an app that has nothing to run."""
    return DeployFault(f'the app "{name}" has no functions; put `@app.function()` above one.', path, line)


def place(path: str, line: int) -> str:
    """File name and line, as messages begin."""
    name = os.path.basename(path)
    return f"{name}, line {line}" if line else name


def describe_fault(error: BaseException, entry_path: str, is_local: Callable[[str], bool]) -> dict[str, Any]:
    """For whatever an import raised. `is_local` says which frames are the user's; without any, the file is named."""
    if isinstance(error, DeployFault):
        return {"ok": False, "message": str(error), "path": error.path, "line": error.line, "traceback": ""}
    path, line = location(error, is_local)
    path = path or entry_path
    return {
        "ok": False,
        "message": f"{place(path, line)}: {_sentence(error)}",
        "path": path,
        "line": line,
        "traceback": format_traceback(error),
    }


def _sentence(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}."
    # Modal's package says more below a blank line; the traceback has it.
    said, _, _ = safe_str(error).partition("\n\n")
    text = f"{type(error).__name__}: {said}".rstrip(": .")
    if isinstance(error, ModuleNotFoundError):
        return f"{text}; install it for {sys.executable}, or choose another interpreter."
    if isinstance(error, SystemExit):
        return f'The file ends the process while it is imported ({text}); put that under `if __name__ == "__main__":`.'
    return f"{text}."
