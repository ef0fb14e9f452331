"""A local call's life: request, user code, answers, end."""

from __future__ import annotations

import asyncio
import atexit
import faulthandler
import os
import sys
from collections.abc import AsyncIterable, Awaitable, Iterable
from typing import Any

from spawnpoint.channel import Channel
from spawnpoint.failures import format_traceback
from spawnpoint.frames import FrameReader, FrameWriter
from spawnpoint.local.answers import Answers
from spawnpoint.local.definition import find_definition
from spawnpoint.local.refusal import Refusal
from spawnpoint.local.user_function import import_function
from spawnpoint.logs import LogStreams
from spawnpoint.payload import CBOR, decode_value
from spawnpoint.startup import close_all, take_descriptors

_FROM_CLIENT, _TO_CLIENT = 3, 4


def main() -> None:
    """Answers one request and ends."""
    from_client, to_client = pipes = take_descriptors(_FROM_CLIENT, _TO_CLIENT)
    request = FrameReader(from_client).read()
    if request is None:
        return
    channel = Channel(FrameWriter(to_client))
    streams = LogStreams(channel.send)
    streams.install()
    faulthandler.enable(2)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _leave_client(pipes, streams))
    try:
        _answer(*request, Answers(channel.send))
        # The interpreter's own way out would wait for threads that user code left behind.
        atexit._run_exitfuncs()
    except BrokenPipeError:
        pass  # The client is gone, and with it everybody who wants to know.
    except BaseException as error:
        # An exit handler of user code.
        sys.stderr.write(format_traceback(error))
    finally:
        streams.finish(None)
        os._exit(0)


def _answer(request: dict[str, Any], data: bytes, answers: Answers) -> None:
    try:
        path, qualname, wanted = request["path"], request["qualname"], request["wanted"]
        if wanted == "definition":
            answers.definition(find_definition(path, qualname))
            return
        args, kwargs, parameters = decode_value(CBOR, data)
        function = import_function(path, request["app"], qualname, parameters, request["parameter_texts"])
        if wanted == ("value" if function.is_generator else "items"):
            raise Refusal(_wrong_kind(qualname, function.is_generator))
        result = function.run(args, kwargs)
        if function.is_generator:
            _send_items(result, answers)
        else:
            answers.value(asyncio.run(_awaited(result)) if isinstance(result, Awaitable) else result)
    except Refusal as refusal:
        answers.refusal(str(refusal))
    except BaseException as error:
        answers.failure(error)


def _wrong_kind(qualname: str, is_generator: bool) -> str:
    if is_generator:
        return f"{qualname} is a generator function, with many results a call; use localGen() instead."
    return f"{qualname} is not a generator function; use local() instead."


def _send_items(values: Any, answers: Answers) -> None:
    if isinstance(values, AsyncIterable):
        asyncio.run(_send_async_items(values, answers))
    else:
        _send_sync_items(values, answers)
    answers.end()


def _send_sync_items(values: Iterable[Any], answers: Answers) -> None:
    try:
        for value in values:
            answers.item(value)
    finally:
        close = getattr(values, "close", None)
        if close is not None:
            close()


async def _send_async_items(values: AsyncIterable[Any], answers: Answers) -> None:
    try:
        async for value in values:
            answers.item(value)
    finally:
        close = getattr(values, "aclose", None)
        if close is not None:
            await close()


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result


def _leave_client(pipes: list[int], streams: LogStreams) -> None:
    """In a process that user code forked: it has no place in the conversation with the client."""
    streams.leave_engine()
    close_all(pipes)
