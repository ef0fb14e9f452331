"""Sends the inputs of a map, in batches that grow with the time the engine takes for one."""

from __future__ import annotations

from threading import Condition
from typing import Any, Callable, Optional

from modal.dual import checked
from spawnpoint.channel import Channel, Reply
from spawnpoint.interrupts import SHIELD
from spawnpoint.payload import PICKLE

_MAX_BATCH_INPUTS = 512
_MAX_BATCH_BYTES = 8 * 1024 * 1024
# What may wait here while a batch is on its way.
_MAX_WAITING_BYTES = 2 * _MAX_BATCH_BYTES


class InputFeeder:
    """One batch is on its way at any time; what is added meanwhile goes out together with the next.

    `method_name` is empty unless the inputs are for a method of a class.
    `max_unfinished` bounds how many inputs are sent before `release` says that some are done; None: no bound.
    """

    def __init__(
        self, channel: Channel, function_call_id: str, method_name: str, max_unfinished: Optional[int]
    ) -> None:
        self._channel = channel
        self._function_call_id = function_call_id
        self._method_name = method_name
        self._max_unfinished = max_unfinished
        self._changed = Condition()
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._unfinished = 0
        self._sent = 0
        self._sending = False
        self._ended = False
        self._end_sent = False
        self._error: Optional[Exception] = None
        self.on_error: Optional[Callable[[Exception], None]] = None

    def add(self, data: bytes) -> bool:
        """Takes one serialized input, when there is room for it. False once the feeder has ended."""
        with self._changed:
            self._changed.wait_for(self._has_room)
            if self._ended:
                return False
            self._waiting.append(data)
            self._waiting_bytes += len(data)
            self._unfinished += 1
            self._send_if_idle()
            return True

    def release(self, inputs: int = 1) -> None:
        """Makes room for as many further inputs."""
        # A cancellation of the reading side must not leave the lock behind.
        with SHIELD, self._changed:
            self._unfinished -= inputs
            self._changed.notify_all()

    def end(self) -> None:
        """Says that no input follows. May be called again."""
        with SHIELD, self._changed:
            self._ended = True
            self._send_if_idle()
            self._changed.notify_all()

    def wait_until_sent(self) -> None:
        """Waits until the engine has taken all inputs. Raises what kept it from that."""
        with self._changed:
            self._changed.wait_for(lambda: self._error is not None or (self._end_sent and not self._sending))
            if self._error is not None:
                raise self._error

    def _has_room(self) -> bool:
        if self._ended:
            return True
        if self._max_unfinished is not None and self._unfinished >= self._max_unfinished:
            return False
        return self._waiting_bytes < _MAX_WAITING_BYTES

    def _send_if_idle(self) -> None:
        if self._sending or self._end_sent or not (self._waiting or self._ended):
            return
        batch = self._take_batch()
        self._sending = True
        self._end_sent = self._ended and not self._waiting
        params: dict[str, Any] = {
            "function_call_id": self._function_call_id,
            "method": self._method_name,
            "first_index": self._sent,
            "inputs": [{"format": PICKLE, "size": len(data)} for data in batch],
            "finished": self._end_sent,
        }
        self._sent += len(batch)
        self._channel.start_request("put_inputs", params, b"".join(batch), self._on_reply)

    def _take_batch(self) -> list[bytes]:
        size = count = 0
        for data in self._waiting[:_MAX_BATCH_INPUTS]:
            if count and size + len(data) > _MAX_BATCH_BYTES:
                break
            size += len(data)
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        self._waiting_bytes -= size
        return batch

    def _on_reply(self, reply: Reply) -> None:
        with self._changed:
            self._sending = False
            try:
                checked(reply)
                self._send_if_idle()
            except Exception as error:
                self._error = error
                self._ended = self._end_sent = True
                if self.on_error is not None:
                    self.on_error(error)
            self._changed.notify_all()
