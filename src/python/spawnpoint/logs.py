"""User prints as logs: `sys.stdout` and `sys.stderr` that send frames, each with the input that printed it."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from _thread import get_ident
from threading import Lock
from typing import Any, Callable, Optional

from spawnpoint.context import Input, current_input
from spawnpoint.interrupts import SHIELD
from spawnpoint.last_words import LastWords

# A longer piece without a newline is sent as it is; a longer piece of many lines is sent in parts.
_MAX_PARTIAL_BYTES = 64 * 1024
_MAX_FRAME_BYTES = 1024 * 1024

SendLog = Callable[[dict[str, Any], bytes], None]


class LogBuffer(io.BufferedIOBase):
    """The binary side of a stream. Sends whole lines at once, and the rest when it is flushed."""

    def __init__(self, fd: int, send: SendLog) -> None:
        self._fd = fd
        self._send = send
        self._lock = Lock()
        # Lines that are not complete. `print` writes a line in pieces, so each thread has its own.
        self._partial: dict[tuple[Optional[Input], int], bytes] = {}
        self._last_words: Optional[LastWords] = None
        self._last_writer: Optional[Input] = None
        self._last_header = b""

    def keep_last_words(self, folder: str) -> None:
        """From now on a line that is not complete is also in a file there: of several, the one that was added to last."""
        self._last_words = LastWords(os.path.join(folder, f"last-words-{self._fd}"))

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """The real descriptor, for subprocesses: what they write is logged as the container's."""
        return self._fd

    def write(self, data: Any) -> int:
        piece = bytes(data)
        key = (current_input(), get_ident())
        with SHIELD, self._lock:
            pending = self._partial.pop(key, b"") + piece
            end = len(pending) if len(pending) > _MAX_PARTIAL_BYTES else pending.rfind(b"\n") + 1
            self._send_up_to(key, pending, _end_of_character(pending, end))
            self._keep_partial()
        return len(piece)

    def flush(self) -> None:
        """Sends what the running input has begun to write, except for half a character."""
        writer = current_input()
        with SHIELD, self._lock:
            for key in self._keys_of(writer):
                pending = self._partial.pop(key)
                self._send_up_to(key, pending, _end_of_character(pending, len(pending)))
            self._keep_partial()

    def finish(self, writer: Optional[Input]) -> None:
        """Sends what is left of an input that has ended."""
        if self._partial:
            with SHIELD, self._lock:
                for key in self._keys_of(writer):
                    self._emit(writer, self._partial.pop(key))
                self._keep_partial()

    def leave_engine(self) -> None:
        """From now on all that is written goes to the descriptor itself."""
        self._lock = Lock()  # Another thread of the process that forked may have held it, and is not here.
        self._partial.clear()  # The process that began those lines ends them.
        self._send = self._write_out
        self._last_words = None

    def _write_out(self, _header: dict[str, Any], data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def _keys_of(self, writer: Optional[Input]) -> list[tuple[Optional[Input], int]]:
        return [key for key in self._partial if key[0] is writer]

    def _send_up_to(self, key: tuple[Optional[Input], int], pending: bytes, end: int) -> None:
        self._emit(key[0], pending[:end])
        if end < len(pending):
            self._partial[key] = pending[end:]

    def _keep_partial(self) -> None:
        if self._last_words is None:
            return
        if not self._partial:
            self._last_words.forget()
            return
        (writer, _), data = next(reversed(self._partial.items()))
        if writer is not self._last_writer or not self._last_header:
            self._last_writer = writer
            self._last_header = json.dumps(self._header(writer)).encode()
        self._last_words.keep(self._last_header, data)

    def _header(self, writer: Optional[Input]) -> dict[str, Any]:
        return {
            "type": "log",
            "input": writer and writer.input_id,
            "call": writer and writer.function_call_id,
            "fd": self._fd,
            "at": time.time(),
        }

    def _emit(self, writer: Optional[Input], data: bytes) -> None:
        if not data:
            return
        header = self._header(writer)
        start = 0
        while start < len(data):
            end = start + _MAX_FRAME_BYTES
            if end < len(data):
                end = _end_of_character(data, end)
            # Whatever is not UTF-8 is shown as the replacement character.
            self._send(header, data[start:end].decode("utf-8", "replace").encode())
            start = end


class LogStreams:
    """Both streams of a worker."""

    def __init__(self, send: SendLog) -> None:
        self._buffers: list[Any] = [LogBuffer(1, send), LogBuffer(2, send)]

    def install(self) -> None:
        """Puts both in the place of the interpreter's own."""
        sys.stdout, sys.stderr = (
            # The buffer does the buffering by lines, for it knows who writes.
            io.TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)
            for buffer in self._buffers
        )

    def keep_last_words(self, folder: str) -> None:
        """Has the engine find in this folder what was not sent, should the process die."""
        for buffer in self._buffers:
            buffer.keep_last_words(folder)

    def leave_engine(self) -> None:
        """In a process that user code forked: what it prints is its own, and logged as the container's."""
        for buffer in self._buffers:
            buffer.leave_engine()

    def finish(self, writer: Optional[Input]) -> None:
        """Sends what an input has written and not ended with a newline."""
        for buffer in self._buffers:
            buffer.finish(writer)


def _end_of_character(data: bytes, end: int) -> int:
    """`end`, or up to three bytes less where it would cut a UTF-8 character that may still be completed."""
    for back in range(1, min(3, end) + 1):
        byte = data[end - back]
        if byte < 0x80:
            return end
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return end - back if length > back else end
    return end
