"""From the command line to one JSON object on descriptor 3."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from spawnpoint.describe.apps import describe_apps
from spawnpoint.describe.faults import DeployFault, describe_fault
from spawnpoint.describe.project import Project
from spawnpoint.startup import take_descriptors

_RESULT = 3


def main() -> None:
    """Usage: `describe.py FILE [deployment|run]`. The result goes to descriptor 3 whether or not the file is good."""
    (to_engine,) = take_descriptors(_RESULT)
    result = json.dumps(describe(sys.argv[1], for_run=sys.argv[2:] == ["run"])).encode()
    while result:
        result = result[os.write(to_engine, result) :]
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that the file has started must not keep a deployment waiting.
    os._exit(0)


def describe(path: str, for_run: bool = False) -> dict[str, Any]:
    """The whole description, or with `ok` false what is wrong with the file.

    An app that is only run needs neither a name nor functions.
    """
    project = Project(os.path.abspath(path))
    try:
        entry = project.import_entry()
        return {
            "ok": True,
            "root": project.root,
            "entry_module": project.entry_module,
            **describe_apps(entry, project, for_run),
            "sources": project.sources(),
        }
    except DeployFault as fault:
        return {"ok": False, "message": str(fault), "path": fault.path, "line": fault.line, "traceback": ""}
    except BaseException as error:
        return describe_fault(error, project.path, project.is_local)
