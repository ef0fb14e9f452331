"""A worker's life: start message, user code, inputs, end."""

from __future__ import annotations

import atexit
import faulthandler
import os
import sys
import time
from typing import Any, NoReturn, Optional

from spawnpoint.channel import Channel
from spawnpoint.context import set_channel
from spawnpoint.failures import format_traceback, location, safe_repr
from spawnpoint.frames import FrameReader, FrameWriter
from spawnpoint.logs import LogStreams
from spawnpoint.payload_files import PayloadFiles
from spawnpoint.snapshot import Snapshot
from spawnpoint.startup import take_descriptors
from spawnpoint.worker.inbox import Inbox
from spawnpoint.worker.lifecycle import run_enter_hooks, run_exit_hooks
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.runners import create_runner
from spawnpoint.worker.user_code import UserCode, load_user_code

_FROM_ENGINE, _TO_ENGINE = 3, 4


def main() -> NoReturn:
    """Runs until the engine says `stop` or is gone."""
    take_descriptors(_FROM_ENGINE, _TO_ENGINE)
    reader = FrameReader(_FROM_ENGINE)
    first = reader.read()
    if first is None:
        os._exit(0)
    start, pickled = first
    channel = Channel(FrameWriter(_TO_ENGINE), _payload_files(start))
    streams = LogStreams(channel.send)
    _join_engine(channel, streams)
    runner = create_runner(start["function"], Outputs(channel, streams))
    # User code may already call functions while it is imported, so somebody must read the replies.
    Inbox(reader, channel, runner).start()
    code = _load_code(start, pickled, channel, streams, runner)
    runner.run(code)
    run_exit_hooks(code, runner)
    _exit(0, streams)


def _payload_files(start: dict[str, Any]) -> Optional[PayloadFiles]:
    files = start.get("files")
    return None if files is None else PayloadFiles(files["folder"], files["from_bytes"])


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


def _load_code(
    start: dict[str, Any], pickled: bytes, channel: Channel, streams: LogStreams, runner: Runner
) -> UserCode:
    began = time.perf_counter()
    snapshot = Snapshot(start["snapshot"])
    try:
        code = load_user_code(snapshot, start, pickled)
        run_enter_hooks(code, runner)
    except BaseException as error:
        path, line = location(error, snapshot.contains)
        failure = {"exception": safe_repr(error), "traceback": format_traceback(error), "path": path, "line": line}
        channel.send({"type": "failed", **failure})
        _exit(1, streams)
    channel.send({"type": "ready", "import_ms": round((time.perf_counter() - began) * 1000, 3)})
    return code


def _exit(code: int, streams: LogStreams) -> NoReturn:
    # The interpreter's own way out would wait for threads that user code left behind.
    try:
        atexit._run_exitfuncs()
    finally:
        streams.finish(None)
        os._exit(code)
