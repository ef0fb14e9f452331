"""A local entrypoint or a function of a file, run in its app as `modal run` does."""

from __future__ import annotations

import os
from typing import Any

from modal.app_run import AppRun
from spawnpoint.describe.faults import DeployFault
from spawnpoint.describe.project import Project
from spawnpoint.run.arguments import parse_arguments
from spawnpoint.run.refusal import Refusal
from spawnpoint.run.runnable import find_runnable


def run_entrypoint(start: dict[str, Any]) -> None:
    """Runs what `name` means in the file `path`, with the words `args`. What user code raises passes through."""
    path: str = start["path"]
    folder = os.getcwd()
    try:
        module = Project(path).import_entry()
    except DeployFault as fault:
        raise Refusal(f"{fault}") from fault
    os.chdir(folder)
    runnable = find_runnable(module, path, start["name"])
    program = f"spawnpoint run {start['given_path']}::{runnable.name}"
    args, kwargs = parse_arguments(program, runnable.parameters(), start["args"])
    with AppRun(runnable.app, path=path, detach=start["detach"]):
        result = runnable.call(*args, **kwargs)
    if start.get("result_path"):
        _write(start["result_path"], result)


def _write(path: str, result: Any) -> None:
    if not isinstance(result, (str, bytes)):
        raise Refusal(f"--write-result takes a str or bytes, not a {type(result).__name__}; convert it in the function.")
    with open(path, "wb") as file:
        file.write(result.encode() if isinstance(result, str) else result)
