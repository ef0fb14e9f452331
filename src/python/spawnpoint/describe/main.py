"""From the command line to one JSON object on descriptor 3."""

from __future__ import annotations

import os
import sys
from typing import Any, Optional

from spawnpoint.context import import_as_container
from spawnpoint.describe.apps import describe_apps
from spawnpoint.describe.faults import describe_fault
from spawnpoint.describe.project import Project
from spawnpoint.startup import end_with, take_descriptors

_RESULT = 3


def main() -> None:
    """Usage: `describe.py FILE deployment|run|container [ROOT]`. The result goes to descriptor 3 whether or not the file is good."""
    (to_engine,) = take_descriptors(_RESULT)
    path, purpose, *root = sys.argv[1:]
    if purpose == "container":
        import_as_container()
    end_with(describe(path, for_run=purpose != "deployment", root=root[0] if root else None), to_engine)


def describe(path: str, for_run: bool = False, root: Optional[str] = None) -> dict[str, Any]:
    """The whole description, or with `ok` false what is wrong with the file.

    An app that is only run needs neither a name nor functions. `root`: where imports begin; None: as the file's packages say.
    """
    project = Project(os.path.abspath(path), root)
    try:
        entry = project.import_entry()
        return {
            "ok": True,
            "root": project.root,
            "entry_module": project.entry_module,
            **describe_apps(entry, project, for_run),
            "sources": project.sources(),
        }
    except BaseException as error:
        return describe_fault(error, project.path, project.is_local)
