"""A worker's life: start message, user code, inputs, end."""

from __future__ import annotations

import atexit
import faulthandler
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, Optional

from spawnpoint.channel import Channel
from spawnpoint.context import set_channel
from spawnpoint.failures import format_traceback, location, safe_repr
from spawnpoint.fork.own_fork import is_own_fork
from spawnpoint.frames import FrameReader, FrameWriter
from spawnpoint.interrupts import SHIELD
from spawnpoint.logs import LogStreams
from spawnpoint.payload_files import PayloadFiles
from spawnpoint.snapshot import Snapshot
from spawnpoint.startup import close_all, take_descriptors
from spawnpoint.worker.inbox import Inbox
from spawnpoint.worker.lifecycle import run_enter_hooks, run_exit_hooks
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runners import runner_for
from spawnpoint.worker.user_code import find_user_code, import_user_code

if TYPE_CHECKING:
    from spawnpoint.fork.footprint import Footprint

_FROM_ENGINE, _TO_ENGINE = 3, 4


def main() -> NoReturn:
    """Runs until the engine says `stop` or is gone."""
    from_engine, to_engine = pipes = take_descriptors(_FROM_ENGINE, _TO_ENGINE)
    channel = Channel(FrameWriter(to_engine))
    streams = LogStreams(channel.send)
    began = time.perf_counter()
    reader, start, pickled = _read_start(from_engine, channel)
    _join_engine(pipes, channel, streams)
    snapshot = Snapshot(start["snapshot"])
    make_runner = runner_for(start["function"])
    before = _footprint(start)
    # User code may already call functions while it is imported, so somebody must read the replies.
    inbox = Inbox(reader, channel)
    inbox.start()
    os.environ.update(start.get("variables") or {})
    with _failing(snapshot, channel, streams):
        import_user_code(snapshot)
    if before is not None and _leave_template(start["template"], before, snapshot, pipes, channel, streams):
        # This is a copy of that process, and a container of its own: it is told anew what it is for.
        reader, start, pickled = _read_start(from_engine, channel)
        began = time.perf_counter()
        make_runner = runner_for(start["function"])
        inbox = Inbox(reader, channel)
        inbox.start()
    # Not earlier: an open file would stand against a template.
    if start.get("files") is not None:
        streams.keep_last_words(start["files"]["folder"])
    if inbox.is_stopped:
        _exit(0, streams)
    runner = make_runner(Outputs(channel, streams))
    inbox.serve(runner)
    with _failing(snapshot, channel, streams):
        code = find_user_code(snapshot, start, pickled)
        run_enter_hooks(code, runner)
    channel.send({"type": "ready", "import_ms": round((time.perf_counter() - began) * 1000, 3)})
    runner.run(code)
    run_exit_hooks(code, runner)
    _exit(0, streams)


def _read_start(from_engine: int, channel: Channel) -> tuple[FrameReader, dict[str, Any], bytes]:
    reader = FrameReader(from_engine)
    first = reader.read()
    if first is None:
        os._exit(0)
    start, pickled = first
    channel.use_files(_payload_files(start))
    # As on Modal. `MODAL_IS_REMOTE` is not set: Modal's own package, in a process of the user's, would take itself for a container's.
    os.environ["MODAL_TASK_ID"] = start["task"]
    return reader, start, pickled


def _payload_files(start: dict[str, Any]) -> Optional[PayloadFiles]:
    files = start.get("files")
    return None if files is None else PayloadFiles(files["folder"], files["from_bytes"])


def _join_engine(pipes: list[int], channel: Channel, streams: LogStreams) -> None:
    # A crash in C code leaves a Python stack on descriptor 2, which the engine logs as the container's.
    faulthandler.enable(2)
    streams.install()
    set_channel(channel)
    SHIELD.install()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _leave_engine(pipes, streams))


def _leave_engine(pipes: list[int], streams: LogStreams) -> None:
    """In a process that user code forked: it has no place in the conversation with the engine."""
    if is_own_fork():
        return
    set_channel(None)
    streams.leave_engine()
    close_all(pipes)


@contextmanager
def _failing(snapshot: Snapshot, channel: Channel, streams: LogStreams) -> Iterator[None]:
    """Ends the process when user code raises on its way to ready."""
    try:
        yield
    except BaseException as error:
        path, line = location(error, snapshot.contains)
        failure = {"exception": safe_repr(error), "traceback": format_traceback(error), "path": path, "line": line}
        channel.send({"type": "failed", **failure})
        _exit(1, streams)


def _footprint(start: dict[str, Any]) -> Optional[Footprint]:
    if "template" not in start:
        return None
    # Imported when it is wanted, as are templates themselves: most containers leave none.
    from spawnpoint.fork.footprint import Footprint

    return Footprint()


def _leave_template(
    offer: dict[str, str],
    before: Footprint,
    snapshot: Snapshot,
    pipes: list[int],
    channel: Channel,
    streams: LogStreams,
) -> bool:
    from spawnpoint.fork.template import Obstacle, leave_template

    streams.finish(None)  # Otherwise every copy would print it.
    try:
        if leave_template(offer, before, pipes, snapshot.functions):
            return True
        obstacle = None
    except Obstacle as found:
        obstacle = str(found)
    channel.send({"type": "template", "obstacle": obstacle})
    return False


def _exit(code: int, streams: LogStreams) -> NoReturn:
    # The interpreter's own way out would wait for threads that user code left behind.
    try:
        atexit._run_exitfuncs()
    finally:
        streams.finish(None)
        os._exit(code)
