"""What both entry scripts do to the process before user code is imported."""

from __future__ import annotations

import os
import sys

import modal


def take_descriptors(*fds: int) -> None:
    """Keeps our pipes out of the user's subprocesses, and gives user code an empty standard input."""
    for fd in fds:
        os.set_inheritable(fd, False)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    sys.stdin = open(0, encoding="utf-8", closefd=False)


def use_project(root: str) -> None:
    """Makes `root` what it would be for a script that is started there: current folder and first place for imports.

    Our own folder leaves the path, so that a `worker` or `describe` of the user's is found; `modal` and `spawnpoint`
    stay reachable because they are loaded.
    """
    our_folder = os.path.dirname(os.path.abspath(modal.__path__[0]))
    sys.path[:] = [root] + [path for path in sys.path if os.path.abspath(path or ".") != our_folder]
    os.chdir(root)
