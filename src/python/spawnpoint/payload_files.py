"""Large payloads go by file, not through the pipe: the worker writes what the engine keeps, and reads what the engine has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from typing import Any, Optional


class PayloadFiles:
    """Writes payloads of `from_bytes` and more into a folder of this container, from where the engine takes them."""

    def __init__(self, folder: str, from_bytes: int) -> None:
        self._folder = folder
        self._from_bytes = from_bytes
        self._numbers = count(1)

    def put(self, payload: bytes) -> Optional[str]:
        """The name of the file; None for a small payload, and where there is no room for the file."""
        if len(payload) < self._from_bytes:
            return None
        name = str(next(self._numbers))
        path = os.path.join(self._folder, name)
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(fd, "wb", buffering=0) as file:
                rest = memoryview(payload)
                while rest:
                    rest = rest[file.write(rest) :]
        except OSError:
            _remove(path)
            return None
        return name


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass  # It was not begun, or goes with the container's folder.


def payloads_of(entries: list[dict[str, Any]], payload: bytes) -> Iterator[bytes]:
    """The payload of each entry of a frame: they stand in the frame's own one after another, or in a file."""
    start = 0
    for entry in entries:
        end = start + entry["size"]
        file = entry.get("file")
        yield payload[start:end] if file is None else read_payload(file)
        start = end


def read_payload(path: str) -> bytes:
    """The payload that the engine has in a file."""
    with open(path, "rb") as file:
        return file.read()
