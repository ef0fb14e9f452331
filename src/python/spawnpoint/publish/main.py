"""From the command line to apps that Modal's own package has deployed, and one JSON object on descriptor 3."""

from __future__ import annotations

import os
import sys
from typing import Any

from spawnpoint.describe.faults import describe_fault
from spawnpoint.describe.project import Project
from spawnpoint.startup import end_with, take_descriptors

_RESULT = 3


def main() -> None:
    """Usage: `modal_deploy.py FILE ENVIRONMENT`. The result, `ok` or what is wrong with the file, goes to descriptor 3."""
    (to_engine,) = take_descriptors(_RESULT)
    path, environment = sys.argv[1:]
    end_with(publish(path, environment), to_engine)


def publish(path: str, environment: str) -> dict[str, Any]:
    """Deploys every app of a file, as `modal deploy` deploys one. What it says meanwhile is printed."""
    project = Project(os.path.abspath(path))
    try:
        # A package that cannot be imported is a failure with a sentence, too.
        import modal
        from spawnpoint.publish.apps import apps_of

        apps = apps_of(project)
        with modal.enable_output():
            for app in apps:
                app.deploy(environment_name=environment)
    except BaseException as error:
        return describe_fault(error, project.path, project.is_local)
    return {"ok": True}
