"""Reads what the engine sends, on a thread of its own, while user code runs on the main thread."""

from __future__ import annotations

import os
import signal
from _thread import start_new_thread
from threading import Lock
from typing import Any, Optional

from spawnpoint.channel import Channel
from spawnpoint.context import Input
from spawnpoint.frames import FrameReader
from spawnpoint.worker.runner import Runner


class Inbox:
    """Passes frames on: inputs, cancellations and the stop to the runner, replies to the channel."""

    def __init__(self, reader: FrameReader, channel: Channel) -> None:
        self._reader = reader
        self._channel = channel
        self._lock = Lock()
        self._runner: Optional[Runner] = None
        # What came before there was a runner.
        self._early: list[tuple[dict[str, Any], bytes]] = []

    def start(self) -> None:
        """Starts reading. The thread ends with the process."""
        # Unlike `Thread.start`, it does not wait until the thread runs, which takes long on a busy machine.
        start_new_thread(self._read_all, ())

    def serve(self, runner: Runner) -> None:
        """Passes on to `runner` from now on, and what has come before."""
        with self._lock:
            for frame in self._early:
                _tell(runner, *frame)
            self._runner = runner

    @property
    def is_stopped(self) -> bool:
        """Whether the engine has said `stop` before there was a runner, and has given it nothing to do."""
        kinds = {header["type"] for header, _ in self._early}
        return "stop" in kinds and "inputs" not in kinds

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
        if header["type"] == "reply":
            self._channel.deliver(header, payload)
            return
        with self._lock:
            if self._runner is None:
                self._early.append((header, payload))
            else:
                _tell(self._runner, header, payload)


def _tell(runner: Runner, header: dict[str, Any], payload: bytes) -> None:
    kind = header["type"]
    if kind == "inputs":
        runner.submit(_inputs_of(header["inputs"], payload))
    elif kind == "recall":
        runner.recall(header["inputs"])
    elif kind == "cancel":
        runner.cancel(header["inputs"])
    elif kind == "stop":
        runner.stop()


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
