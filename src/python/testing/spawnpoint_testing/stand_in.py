"""The engine's own `modal` in the process of a test, where Modal's is not installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread

# Beside the folder that has this package.
_FOLDER = str(Path(__file__).resolve().parents[2])


def make_importable() -> None:
    """Has `import modal` find the stand-in, unless there is another one."""
    if find_spec("modal") is None:
        sys.path.append(_FOLDER)


def is_used() -> bool:
    """Whether `modal` is the stand-in here."""
    spec = find_spec("modal")
    return spec is not None and spec.origin is not None and Path(spec.origin).resolve().parents[1] == Path(_FOLDER)


@contextmanager
def joined(command: list[str]) -> Iterator[None]:
    """Has the stand-in call functions on an engine, by a command that answers its requests on stdin and stdout."""
    from spawnpoint.channel import Channel
    from spawnpoint.context import engine_channel, join_as_client, set_channel
    from spawnpoint.frames import FrameReader, FrameWriter

    with Popen(command, stdin=PIPE, stdout=PIPE, start_new_session=True) as process:
        assert process.stdin is not None and process.stdout is not None
        channel = Channel(FrameWriter(process.stdin.fileno()))
        reader = FrameReader(process.stdout.fileno())

        def listen() -> None:
            while (frame := reader.read()) is not None:
                channel.deliver(*frame)
            channel.fail("The engine that this test started has ended.")

        listener = Thread(target=listen, name="spawnpoint-inbox", daemon=True)
        listener.start()
        # A block within another one leaves that as it was.
        outer = engine_channel()
        join_as_client(channel)
        try:
            yield
        finally:
            set_channel(outer)
            process.stdin.close()
            listener.join()
