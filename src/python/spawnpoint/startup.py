"""What both entry scripts do to the process before user code is imported."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NoReturn

# Code that becomes a daemon, or tidies up after a fork, closes what it does not know from 3 up: to 256, to 1024, to 4096.
# Higher still would cost: a fork copies the table of descriptors up to the last one.
_OUT_OF_REACH = 10_000
_ROOM = 16


def take_descriptors(*fds: int) -> list[int]:
    """Moves our pipes to where user code does not close them by chance, and returns their new numbers.

    Keeps them out of the user's subprocesses, and gives user code an empty standard input.
    """
    moved = [move_out_of_reach(fd) for fd in fds]
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    return moved


def end_with(result: dict[str, Any], fd: int) -> NoReturn:
    """Writes a result to the descriptor, and ends the process. Threads that user code has started must not keep it waiting."""
    data = json.dumps(result).encode()
    while data:
        data = data[os.write(fd, data) :]
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def close_all(fds: list[int]) -> None:
    """Closes descriptors, of which user code may have closed some."""
    for fd in fds:
        try:
            os.close(fd)
        except OSError:
            pass


def move_out_of_reach(fd: int) -> int:
    """Gives a descriptor a number that user code does not close by chance, and returns it."""
    try:
        from fcntl import F_DUPFD_CLOEXEC, fcntl

        limit = os.sysconf("SC_OPEN_MAX")
        moved = fcntl(fd, F_DUPFD_CLOEXEC, max(fd, min(_OUT_OF_REACH, limit - _ROOM)))
    except (ImportError, OSError):
        # Windows has no such call; elsewhere, they still work where they are.
        os.set_inheritable(fd, False)
        return fd
    os.close(fd)
    return moved


def use_project(root: str) -> None:
    """Makes `root` what it would be for a script that is started there: current folder and first place for imports.

    Our own folder leaves the path, so that a `worker` or `describe` of the user's is found; `modal`, whichever it is, and
    `spawnpoint` stay reachable because they are loaded.
    """
    our_folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [root] + [path for path in sys.path if os.path.abspath(path or ".") != our_folder]
    os.chdir(root)
