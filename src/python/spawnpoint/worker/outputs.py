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
from spawnpoint.worker.batch import Batch

_SUCCESS = '{"type":"output","input":%s,"status":"SUCCESS","format":%d,"started":%.6f,"ended":%.6f}'
_ITEM = '{"type":"item","input":%s,"format":%d}'
_GENERATOR_DONE = 3


class Outputs:
    def __init__(self, channel: Channel, streams: LogStreams) -> None:
        self._channel = channel
        self._streams = streams

    def success(self, batch: Batch, results: list[bytes]) -> None:
        """`results` are the serialized values, each in its input's own format."""
        self._streams.finish(batch.first)
        for item, result in zip(batch.inputs, results):
            if batch.take(item):
                header = _SUCCESS % (json.dumps(item.input_id), item.format, item.started_at, time.time())
                self._channel.send_value(header, result)

    def yielded(self, item: Input, value: bytes) -> None:
        """Sends a value that a generator yielded, serialized in the input's own format."""
        self._channel.send_value(_ITEM % (json.dumps(item.input_id), item.format), value)

    def generator_done(self, batch: Batch, items: int) -> None:
        """Ends a generator, which has yielded so many items."""
        item = batch.first
        self._streams.finish(item)
        if not batch.take(item):
            return
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

    def failure(self, batch: Batch, error: BaseException) -> None:
        """Sends the error as text, and to callers who read pickles also as the exception itself."""
        self._send_error("FAILURE", batch, error)

    def terminated(self, batch: Batch, error: BaseException) -> None:
        """`error` is what left user code that was told to stop."""
        self._send_error("TERMINATED", batch, error)

    def cancelled(self, item: Input) -> None:
        """Ends an input that never began, or one of a batch that goes on without it."""
        self._send_unsuccessful("TERMINATED", item, "", "", b"")

    def _send_error(self, status: str, batch: Batch, error: BaseException) -> None:
        exception, traceback = safe_repr(error), format_traceback(error)
        self._streams.finish(batch.first)
        pickled: Optional[bytes] = None
        for item in batch.inputs:
            if not batch.take(item):
                continue
            if status == "FAILURE" and item.format == PICKLE and pickled is None:
                pickled = encode_exception(error)
            data = pickled if item.format == PICKLE and pickled is not None else b""
            self._send_unsuccessful(status, item, exception, traceback, data)

    def _send_unsuccessful(self, status: str, item: Input, exception: str, traceback: str, data: bytes) -> None:
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
