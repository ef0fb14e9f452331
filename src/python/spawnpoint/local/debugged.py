"""A call under a debugger: nothing stands between user code and the terminal, and what it raises is the debugger's to see."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from collections.abc import AsyncIterable
from typing import Any

from spawnpoint.failures import format_traceback
from spawnpoint.frames import FrameReader
from spawnpoint.local.refusal import Refusal
from spawnpoint.local.user_function import import_function
from spawnpoint.payload import CBOR, decode_value


def main(request_path: str) -> None:
    """Makes the call that the file says, and prints what it gives. The file is removed first: it holds the arguments."""
    request, data = _take_request(request_path)
    sys.excepthook = _print_exception
    args, kwargs, parameters = decode_value(CBOR, data)
    try:
        function = import_function(
            request["path"], request["app"], request["qualname"], parameters, request["parameter_texts"]
        )
    except Refusal as refusal:
        sys.exit(str(refusal))
    result = function.run(args, kwargs)
    if not function.is_generator:
        print("returned", repr(asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result))
    elif isinstance(result, AsyncIterable):
        asyncio.run(_print_items(result))
    else:
        for item in result:
            print("yielded", repr(item))


def _take_request(path: str) -> tuple[dict[str, Any], bytes]:
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        request = FrameReader(file).read()
    finally:
        os.close(file)
    os.remove(path)
    if request is None:
        sys.exit(f"{path} holds no request.")
    return request


async def _awaited(result: Any) -> Any:
    return await result


async def _print_items(items: AsyncIterable[Any]) -> None:
    async for item in items:
        print("yielded", repr(item))


def _print_exception(_type: type[BaseException], error: BaseException, _traceback: Any) -> None:
    sys.stderr.write(format_traceback(error))
