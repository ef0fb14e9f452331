"""What was printed and not sent yet, kept where the engine finds it when this process dies: no code of ours runs then."""

from __future__ import annotations

import os

from spawnpoint.frames import frame_of
from spawnpoint.startup import move_out_of_reach

_NOTHING = bytes(8)


class LastWords:
    """A file that holds one frame, or nothing. What is written to it stays, however the process ends."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._fd = -1
        self._is_usable = hasattr(os, "pwrite")
        self._is_empty = True

    def keep(self, header: bytes, payload: bytes) -> None:
        """Puts this frame in the place of the last one."""
        if not self._is_usable:
            return
        try:
            if self._fd < 0:
                # Most containers never need it.
                self._fd = move_out_of_reach(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
            os.pwrite(self._fd, frame_of(header, payload), 0)
            self._is_empty = False
        except OSError:
            self._is_usable = False  # The disk is full, or user code has closed it.

    def forget(self) -> None:
        """Leaves nothing to be found."""
        if self._is_empty or not self._is_usable:
            return
        self._is_empty = True
        try:
            os.pwrite(self._fd, _NOTHING, 0)
        except OSError:
            self._is_usable = False
