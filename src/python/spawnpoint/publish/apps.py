"""The apps of a file that Modal's own package has imported, by what that package says in public."""

from __future__ import annotations

import functools
from typing import Any

import modal
from spawnpoint.describe.faults import no_app, no_functions, no_name, same_name
from spawnpoint.describe.project import Project


def apps_of(project: Project) -> list[Any]:
    """Imports the file. Those of its apps that another one of them includes go with that one. Raises DeployFault for what cannot be deployed."""
    included = _notice_included()
    entry = project.import_entry()
    in_file = {id(value): value for value in vars(entry).values() if isinstance(value, modal.App)}
    apps = [app for key, app in in_file.items() if included.get(key) not in in_file]
    if not apps:
        raise no_app(project.path)
    names: set[str] = set()
    for app in apps:
        if not app.name:
            raise no_name(project.path, 0)
        if app.name in names:
            raise same_name(app.name, project.path, 0)
        if not app.registered_functions and not app.registered_classes:
            raise no_functions(app.name, project.path, 0)
        names.add(app.name)
    return apps


def _notice_included() -> dict[int, int]:
    """Which app is included by which other one, by their ids, from now on."""
    included: dict[int, int] = {}
    include = modal.App.include

    @functools.wraps(include)
    def noticed(app: Any, other_app: Any, *args: Any, **options: Any) -> Any:
        included[id(other_app)] = id(app)
        return include(app, other_app, *args, **options)

    modal.App.include = noticed
    return included
