"""Requests of the worker to its engine and the replies to them, in any number and from any thread."""

from __future__ import annotations

import json
from itertools import count
from queue import SimpleQueue
from typing import Any, Callable, Optional

from spawnpoint.frames import FrameWriter
from spawnpoint.payload_files import PayloadFiles


class Reply:
    """What the engine answered: a value with a payload, or an error with Modal's gRPC status name."""

    __slots__ = ("error_code", "message", "payload", "value")

    def __init__(self, header: dict[str, Any], payload: bytes) -> None:
        error = {} if header.get("ok") else header["error"]
        self.value: dict[str, Any] = header.get("value") or {}
        self.payload = payload
        self.error_code: str = error.get("code", "")
        self.message: str = error.get("message", "")


class Channel:
    """The worker's side of the pipe: sends headers with payloads, and pairs requests with replies."""

    def __init__(self, writer: FrameWriter) -> None:
        self._writer = writer
        self._files: Optional[PayloadFiles] = None
        self._numbers = count(1)
        self._waiting: dict[int, Callable[[Reply], None]] = {}
        self._on_request: Callable[[], None] = lambda: None

    def use_files(self, files: Optional[PayloadFiles]) -> None:
        """Says where large payloads go. None: through the pipe, as all others."""
        self._files = files

    def on_request(self, listener: Callable[[], None]) -> None:
        """Calls the listener after each request, from now on: somebody must read the reply."""
        self._on_request = listener

    @property
    def is_waiting(self) -> bool:
        """Whether there are requests without a reply."""
        return bool(self._waiting)

    def send(self, header: dict[str, Any], payload: bytes = b"") -> None:
        """Sends one frame that wants no reply."""
        self._writer.write(json.dumps(header).encode(), payload)

    def send_value(self, header: str, payload: bytes) -> None:
        """Sends a frame with a serialized value, which goes by file when it is large. The header is JSON text already."""
        name = self._files.put(payload) if self._files is not None else None
        if name is None:
            self._writer.write(header.encode(), payload)
        else:
            self._writer.write(f'{header[:-1]},"file":{json.dumps(name)}}}'.encode())

    def start_request(
        self, method: str, params: dict[str, Any], payload: bytes, on_reply: Callable[[Reply], None]
    ) -> int:
        """Sends a request, and returns its number. `on_reply` is called on the thread that reads the pipe, and must not block."""
        number = next(self._numbers)
        self._waiting[number] = on_reply
        header = {"type": "request", "request": number, "method": method, "params": params}
        self.send_value(json.dumps(header), payload)
        self._on_request()
        return number

    def forget(self, number: int) -> None:
        """Says that nobody waits for a reply any more, so that the engine gives away nothing that would be lost."""
        if self._waiting.pop(number, None) is not None:
            self.send({"type": "forget", "request": number})

    def request(self, method: str, params: dict[str, Any], payload: bytes = b"") -> Reply:
        """Sends a request and waits for its reply."""
        replies: SimpleQueue[Reply] = SimpleQueue()
        number = self.start_request(method, params, payload, replies.put)
        try:
            return replies.get()
        except BaseException:
            self.forget(number)
            raise

    async def request_async(self, method: str, params: dict[str, Any], payload: bytes = b"") -> Reply:
        """Like `request`, for the running event loop."""
        from asyncio import get_running_loop

        loop = get_running_loop()
        replied = loop.create_future()

        def settle(reply: Reply) -> None:
            if not replied.done():
                replied.set_result(reply)

        number = self.start_request(method, params, payload, lambda reply: _call_soon(loop, settle, reply))
        try:
            reply: Reply = await replied
        except BaseException:
            self.forget(number)
            raise
        return reply

    def deliver(self, header: dict[str, Any], payload: bytes) -> None:
        """Takes a `reply` frame. One that nobody waits for any more is dropped."""
        on_reply = self._waiting.pop(header["request"], None)
        if on_reply is not None:
            on_reply(Reply(header, payload))

    def fail(self, message: str) -> None:
        """Fails every request that waits: the other side is gone."""
        error = {"code": "UNAVAILABLE", "message": message}
        for number in list(self._waiting):
            self.deliver({"request": number, "ok": False, "error": error}, b"")


def _call_soon(loop: Any, settle: Callable[[Reply], None], reply: Reply) -> None:
    try:
        loop.call_soon_threadsafe(settle, reply)
    except RuntimeError:
        # The loop that waited was closed meanwhile, and its future with it.
        pass
