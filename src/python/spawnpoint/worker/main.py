"""A worker's life: start message, user code, inputs, end."""

from __future__ import annotations

import atexit
import faulthandler
import os
import sys
import time
from typing import Any, NoReturn

from spawnpoint.channel import Channel
from spawnpoint.context import set_channel
from spawnpoint.failures import format_traceback, location, safe_repr
from spawnpoint.frames import FrameReader, FrameWriter
from spawnpoint.logs import LogStreams
from spawnpoint.snapshot import Snapshot
from spawnpoint.startup import take_descriptors
from spawnpoint.worker.inbox import Inbox
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.user_function import UserFunction, load_user_function

_FROM_ENGINE, _TO_ENGINE = 3, 4


def main() -> NoReturn:
    """Runs until the engine says `stop` or is gone."""
    take_descriptors(_FROM_ENGINE, _TO_ENGINE)
    reader = FrameReader(_FROM_ENGINE)
    first = reader.read()
    if first is None:
        os._exit(0)
    start = first[0]
    channel = Channel(FrameWriter(_TO_ENGINE))
    streams = LogStreams(channel.send)
    _join_engine(channel, streams)
    runner = _create_runner(start["function"]["is_async"], Outputs(channel, streams))
    # User code may already call functions while it is imported, so somebody must read the replies.
    Inbox(reader, channel, runner).start()
    runner.run(_import_function(start, channel, streams))
    _exit(0, streams)


def _join_engine(channel: Channel, streams: LogStreams) -> None:
    # A crash in C code leaves a Python stack on descriptor 2, which the engine logs as the container's.
    faulthandler.enable(2)
    streams.install()
    set_channel(channel)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_leave_engine)


def _leave_engine() -> None:
    """In a process that user code forked: it has no place in the conversation with the engine."""
    set_channel(None)
    os.close(_FROM_ENGINE)
    os.close(_TO_ENGINE)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)


def _create_runner(is_async: bool, outputs: Outputs) -> Runner:
    if is_async:
        from spawnpoint.worker.async_runner import AsyncRunner

        return AsyncRunner(outputs)
    from spawnpoint.worker.sync_runner import SyncRunner

    return SyncRunner(outputs)


def _import_function(start: dict[str, Any], channel: Channel, streams: LogStreams) -> UserFunction:
    began = time.perf_counter()
    snapshot = Snapshot(start["snapshot"])
    try:
        entry = start["function"]
        is_generator = bool(entry.get("is_generator"))
        function = load_user_function(snapshot, start["app"]["name"], entry["name"], is_generator=is_generator)
    except BaseException as error:
        path, line = location(error, snapshot.contains)
        failure = {"exception": safe_repr(error), "traceback": format_traceback(error), "path": path, "line": line}
        channel.send({"type": "failed", **failure})
        _exit(1, streams)
    channel.send({"type": "ready", "import_ms": round((time.perf_counter() - began) * 1000, 3)})
    return function


def _exit(code: int, streams: LogStreams) -> NoReturn:
    # The interpreter's own way out would wait for threads that user code left behind.
    try:
        atexit._run_exitfuncs()
    finally:
        streams.finish(None)
        os._exit(code)
