"""Tells which version of Modal's own package an interpreter has, without importing it, as one JSON object on standard output.

`folders` are those in which Python looks for packages: while they stay as they are, so does the answer.
"""

import json
import os
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Optional


def modal_version() -> Optional[str]:
    """None where there is no `modal`, or another one: that has no container runtime. Empty for one that has it and no version."""
    spec = find_spec("modal")
    folders = (spec.submodule_search_locations if spec else None) or []
    if not any(os.path.exists(os.path.join(folder, "_container_entrypoint.py")) for folder in folders):
        return None
    try:
        return version("modal")
    except PackageNotFoundError:
        return _version_of_sources()


def _version_of_sources() -> str:
    """Of a checkout that is on the path, and was not installed."""
    spec = find_spec("modal_version")
    if spec is None or spec.origin is None:
        return ""
    with open(spec.origin, encoding="utf-8") as file:
        found = re.search(r'^__version__ = "(.*)"$', file.read(), re.MULTILINE)
    return found.group(1) if found else ""


if __name__ == "__main__":
    del sys.path[0]  # Our own folder.
    print(json.dumps({"version": modal_version(), "folders": [path for path in sys.path if os.path.isdir(path)]}))
