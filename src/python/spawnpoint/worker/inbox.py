"""Reads what the engine sends, on a thread of its own, while user code runs on the main thread."""

from __future__ import annotations

import os
import signal
from threading import Thread
from typing import Any

from spawnpoint.channel import Channel
from spawnpoint.context import Input
from spawnpoint.frames import FrameReader
from spawnpoint.worker.runner import Runner


class Inbox:
    """Passes frames on: inputs, cancellations and the stop to the runner, replies to the channel."""

    def __init__(self, reader: FrameReader, channel: Channel, runner: Runner) -> None:
        self._reader = reader
        self._channel = channel
        self._runner = runner

    def start(self) -> None:
        """Starts reading. The thread ends with the process."""
        Thread(target=self._read_all, name="spawnpoint-inbox", daemon=True).start()

    def _read_all(self) -> None:
        exit_code = 1
        try:
            while (frame := self._reader.read()) is not None:
                self._pass_on(*frame)
            exit_code = 0
        finally:
            # The engine is gone, or speaks another language: nobody is left to answer to.
            _end(exit_code)

    def _pass_on(self, header: dict[str, Any], payload: bytes) -> None:
        kind = header["type"]
        if kind == "inputs":
            self._runner.submit(_inputs_of(header["inputs"], payload))
        elif kind == "reply":
            self._channel.deliver(header, payload)
        elif kind == "recall":
            self._runner.recall(header["inputs"])
        elif kind == "cancel":
            self._runner.cancel(header["inputs"])
        elif kind == "stop":
            self._runner.stop()


def _end(exit_code: int) -> None:
    """Ends the process at once, and with it the ones that user code started: the engine gave it a process group of its own."""
    if hasattr(os, "getpgrp") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(exit_code)


def _inputs_of(entries: list[dict[str, Any]], payload: bytes) -> list[Input]:
    inputs = []
    start = 0
    for entry in entries:
        end = start + entry["size"]
        method, file = entry["method"] or "", entry.get("file")
        inputs.append(Input(entry["id"], entry["call"], entry["format"], payload[start:end], method, file))
        start = end
    return inputs
