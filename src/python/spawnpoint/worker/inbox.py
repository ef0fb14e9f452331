"""Reads what the engine sends, also while user code runs on the main thread."""

from __future__ import annotations

import os
import signal
from _thread import start_new_thread
from queue import SimpleQueue
from threading import Lock
from typing import Any, Optional, TypeVar

from spawnpoint.channel import Channel
from spawnpoint.context import Input
from spawnpoint.frames import FrameReader
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.turns import Turns

_T = TypeVar("_T")


class Inbox:
    """Passes frames on: inputs, cancellations and the stop to the runner, replies to the channel."""

    def __init__(self, reader: FrameReader, channel: Channel) -> None:
        self._reader = reader
        self._channel = channel
        self._lock = Lock()
        self._runner: Optional[Runner] = None
        # What came before there was a runner.
        self._early: list[tuple[dict[str, Any], bytes]] = []
        self._turns = Turns()
        self._main_queue: Optional[SimpleQueue[Any]] = None

    def start(self) -> None:
        """Starts reading, on a thread of its own that ends with the process."""
        self._channel.on_request(self._turns.hurry)
        # Unlike `Thread.start`, it does not wait until the thread runs, which takes long on a busy machine.
        start_new_thread(self._read_in_turns, ())

    def serve(self, runner: Runner) -> None:
        """Passes on to `runner` from now on, and what has come before."""
        runner.use_inbox(self)
        with self._lock:
            for frame in self._early:
                _tell(runner, *frame)
            self._runner = runner

    @property
    def is_stopped(self) -> bool:
        """Whether the engine has said `stop` before there was a runner, and has given it nothing to do."""
        kinds = {header["type"] for header, _ in self._early}
        return "stop" in kinds and "inputs" not in kinds

    def get(self, queue: SimpleQueue[_T]) -> _T:
        """The next of a queue that frames fill. For the main thread, which reads them itself where it would only wait."""
        if not queue.empty():
            return queue.get()
        self._main_queue = queue
        if self._turns.main_arrives():
            while queue.empty():
                self._read_one()
        item = queue.get()
        self._turns.main_leaves(is_urgent=self._channel.is_waiting)
        return item

    def _read_in_turns(self) -> None:
        try:
            while True:
                self._read_one()
                if not self._turns.inbox_goes_on(self._main_has_work):
                    self._turns.await_inbox()
        finally:
            # The engine speaks another language: nobody is left to answer to.
            _end(1)

    def _main_has_work(self) -> bool:
        return self._main_queue is not None and not self._main_queue.empty()

    def _read_one(self) -> None:
        frame = self._reader.read()
        if frame is None:
            _end(0)  # The engine is gone.
        else:
            self._pass_on(*frame)

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
