"""What the import of user code leaves in its process that two processes cannot share."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from typing import Any, Optional

# The one that reads the engine's pipe.
_OUR_THREADS = 1
_HARMLESS_FILES = {os.devnull, "/dev/urandom", "/dev/random"}
_THREAD_END_S = 0.05


class Footprint:
    """Taken before the import, so that afterwards it can be told what the import added. For Linux."""

    def __init__(self) -> None:
        self._files = _open_files()
        self._shared = _shared_mappings()
        self._finalizers = _finalizers_at_exit()

    def obstacle(self) -> Optional[str]:
        """Why copies of this process would get in each other's way, as the end of a sentence; None when they would not."""
        return (
            _interpreter_obstacle()
            or self._file_obstacle()
            or self._memory_obstacle()
            or _process_obstacle()
            or _signal_obstacle()
        )

    def _file_obstacle(self) -> Optional[str]:
        for fd, link in _open_files().items():
            if self._files.get(fd) != link and link not in _HARMLESS_FILES:
                return f"it left {link} open"
        return None

    def _memory_obstacle(self) -> Optional[str]:
        if _shared_mappings() - self._shared:
            return "it made memory that processes share, such as a lock of multiprocessing"
        if _finalizers_at_exit() - self._finalizers:
            return "it made something that is removed at its end, such as a temporary folder"
        return None


def native_thread_obstacle() -> Optional[str]:
    """Asked after a fork: libraries that know of forks have ended their threads for it by then."""
    give_up_at = time.monotonic() + _THREAD_END_S
    while len(os.listdir("/proc/self/task")) > 1 + _OUR_THREADS:
        # A thread that was joined may still be listed for a moment.
        if time.monotonic() > give_up_at:
            return "it started threads in native code"
        time.sleep(0.001)
    return None


def _interpreter_obstacle() -> Optional[str]:
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return "this Python has no global lock"
    return "it started threads" if _thread._count() > _OUR_THREADS else None


def _process_obstacle() -> Optional[str]:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return "it started processes"


def _signal_obstacle() -> Optional[str]:
    if signal.getsignal(signal.SIGCHLD) != signal.SIG_DFL:
        return "it handles SIGCHLD"
    return "it set a timer" if signal.getitimer(signal.ITIMER_REAL)[0] else None


def _open_files() -> dict[str, str]:
    files = {}
    for fd in os.listdir("/proc/self/fd"):
        try:
            files[fd] = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            pass  # The descriptor of the listing itself.
    return files


def _shared_mappings() -> set[str]:
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as file:
        return {line for line in file if line.split(" ", 2)[1].startswith("rw-s")}


def _finalizers_at_exit() -> set[Any]:
    registry = getattr(getattr(sys.modules.get("weakref"), "finalize", None), "_registry", {})
    return {finalizer for finalizer in registry if finalizer.atexit}
