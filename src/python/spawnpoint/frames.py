"""Frames on a pipe: header length and payload length (u32, big endian), a JSON header, the payload."""

from __future__ import annotations

import errno
import json
import os
import struct
from threading import Lock
from typing import Any, Optional

from spawnpoint.interrupts import SHIELD

_LENGTHS = struct.Struct(">II")
_READ_AHEAD_BYTES = 256 * 1024
# Up to here one copy is cheaper than a second system call.
_JOIN_BYTES = 1024 * 1024
# How a process ends whose code has closed the pipe; the other side knows the number (`src/proto/processEnd.ts`).
_PIPE_CLOSED = 76


def frame_of(header: bytes, payload: bytes) -> bytes:
    """A frame in one piece."""
    return _LENGTHS.pack(len(header), len(payload)) + header + payload


class FrameReader:
    """Reads frames from a file descriptor. For one thread."""

    def __init__(self, fd: int) -> None:
        self._file = open(fd, "rb", buffering=_READ_AHEAD_BYTES, closefd=False)

    def read(self) -> Optional[tuple[dict[str, Any], bytes]]:
        """Waits for the next frame. None when the other side has closed, also in the middle of a frame."""
        try:
            return self._read()
        except ConnectionResetError:
            # So a socket ends whose other side has left something unread.
            return None
        except OSError as error:
            _end_if_closed_here(error)
            raise

    def _read(self) -> Optional[tuple[dict[str, Any], bytes]]:
        lengths = self._file.read(_LENGTHS.size)
        if len(lengths) < _LENGTHS.size:
            return None
        header_length, payload_length = _LENGTHS.unpack(lengths)
        header = self._file.read(header_length)
        payload = self._file.read(payload_length) if payload_length else b""
        if len(header) < header_length or len(payload) < payload_length:
            return None
        return json.loads(header), payload


class FrameWriter:
    """Writes whole frames to a file descriptor, from any thread."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lock = Lock()

    def write(self, header: bytes, payload: bytes = b"") -> None:
        # A cancellation that is raised between two parts of a frame would cut the stream in pieces.
        with SHIELD, self._lock:
            if len(payload) <= _JOIN_BYTES:
                self._write_all(frame_of(header, payload))
            else:
                self._write_all(_LENGTHS.pack(len(header), len(payload)) + header)
                self._write_all(payload)

    def _write_all(self, data: bytes) -> None:
        try:
            written = os.write(self._fd, data)
            if written == len(data):
                return
            rest = memoryview(data)[written:]
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as error:
            _end_if_closed_here(error)
            raise


def _end_if_closed_here(error: OSError) -> None:
    """Nobody can be told any more, not even of the error."""
    if error.errno == errno.EBADF:
        os._exit(_PIPE_CLOSED)
