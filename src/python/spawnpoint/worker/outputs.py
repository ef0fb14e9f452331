"""Sends the output of each input, once, after everything that the input has printed."""

from __future__ import annotations

import json
import time
from typing import Optional

from spawnpoint.channel import Channel
from spawnpoint.context import Input
from spawnpoint.failures import format_traceback, safe_repr
from spawnpoint.logs import LogStreams
from spawnpoint.payload import PICKLE, encode_exception

_SUCCESS = '{"type":"output","input":%s,"status":"SUCCESS","format":%d,"started":%.6f,"ended":%.6f}'
_ITEM = '{"type":"item","input":%s,"format":%d}'
_GENERATOR_DONE = 3


class Outputs:
    def __init__(self, channel: Channel, streams: LogStreams) -> None:
        self._channel = channel
        self._streams = streams

    def success(self, item: Input, result: bytes) -> None:
        """`result` is the serialized value, in the input's own format."""
        self._streams.finish(item)
        header = _SUCCESS % (json.dumps(item.input_id), item.format, item.started_at, time.time())
        self._channel.send_value(header, result)

    def yielded(self, item: Input, value: bytes) -> None:
        """Sends a value that a generator yielded, serialized in the input's own format."""
        self._channel.send_value(_ITEM % (json.dumps(item.input_id), item.format), value)

    def generator_done(self, item: Input, items: int) -> None:
        """Ends a generator, which has yielded so many items."""
        self._streams.finish(item)
        header = {
            "type": "output",
            "input": item.input_id,
            "status": "SUCCESS",
            "format": _GENERATOR_DONE,
            "items": items,
            "started": item.started_at,
            "ended": time.time(),
        }
        self._channel.send(header)

    def failure(self, item: Input, error: BaseException) -> None:
        """Sends the error as text, and to a caller who reads pickles also as the exception itself."""
        data = encode_exception(error) if item.format == PICKLE else b""
        self._send_unsuccessful("FAILURE", item, error, data)

    def terminated(self, item: Input, error: Optional[BaseException]) -> None:
        """`error` is what left user code; None for an input that never began."""
        self._send_unsuccessful("TERMINATED", item, error, b"")

    def _send_unsuccessful(self, status: str, item: Input, error: Optional[BaseException], data: bytes) -> None:
        exception = "" if error is None else safe_repr(error)
        traceback = "" if error is None else format_traceback(error)
        self._streams.finish(item)
        ended_at = time.time()
        header = {
            "type": "output",
            "input": item.input_id,
            "status": status,
            "format": item.format,
            "started": item.started_at or ended_at,
            "ended": ended_at,
            "exception": exception,
            "traceback": traceback,
        }
        self._channel.send_value(json.dumps(header), data)
