"""A client process's life: start message, user code, end."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from threading import Thread
from typing import Any, Callable

from spawnpoint.channel import Channel
from spawnpoint.context import join_as_client
from spawnpoint.failures import format_traceback
from spawnpoint.frames import FrameReader, FrameWriter
from spawnpoint.run.entrypoint import run_entrypoint
from spawnpoint.run.refusal import Refusal
from spawnpoint.run.script import run_script

_FROM_PARENT, _TO_PARENT = 3, 4
_INTERRUPTED = 130
_USAGE = 2


def main() -> None:
    """Runs what the start message says, and exits as Python would."""
    for fd in (_FROM_PARENT, _TO_PARENT):
        os.set_inheritable(fd, False)
    _print_whole_lines()
    reader = FrameReader(_FROM_PARENT)
    first = reader.read()
    if first is None:
        return
    start, _ = first
    channel = Channel(FrameWriter(_TO_PARENT))
    join_as_client(channel)
    Thread(target=_listen, args=(reader, channel), name="spawnpoint-inbox", daemon=True).start()
    works = {"script": run_script, "entrypoint": run_entrypoint}
    sys.exit(_exit_code(works[start["kind"]], start))


def _print_whole_lines() -> None:
    """What is printed here comes at once, and a line in one piece: what containers print may come between two."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(line_buffering=True)


def _exit_code(work: Callable[[dict[str, Any]], None], start: dict[str, Any]) -> Any:
    try:
        work(start)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except SystemExit as end:
        return end.code
    except BaseException as error:
        sys.stderr.write(format_traceback(error))
        return 1
    return 0


def _listen(reader: FrameReader, channel: Channel) -> None:
    try:
        while (frame := reader.read()) is not None:
            channel.deliver(*frame)
    finally:
        # Without its parent, this process reaches nobody; the engine stops what it ran.
        os._exit(1)
