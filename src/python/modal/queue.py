"""A queue that containers, clients and local programs share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import Empty, Full
from typing import Any, Optional

from modal.dual import Pause, Steps, dual, dual_iterator
from modal.exception import InvalidError
from modal.named_object import Manager, NamedObject
from spawnpoint.payload_files import payloads_of
from spawnpoint.pickles import dumps, loads

# As long as Modal's client lets one request wait.
_MAX_GET_S = 50.0
_MAX_NEXT_S = 30.0
# A full queue is tried again after these times, each twice as long as the one before.
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 30.0
_MAX_KEY_BYTES = 64
_DAY_S = 24 * 3600


class Queue(NamedObject):
    """Values in the order in which they were put, in partitions that know nothing of each other. Values are pickled.

    A partition has up to 5,000 values of up to 1 MiB, and is cleared when nobody has put anything into it for a day, or for `partition_ttl`.
    """

    _prefix = "qu"
    objects: Manager

    @dual
    def put(
        self,
        v: Any,
        block: bool = True,
        timeout: Optional[float] = None,
        *,
        partition: Optional[str] = None,
        partition_ttl: int = _DAY_S,
    ) -> Steps:
        """Adds a value at the end. Raises `queue.Full` when there is no room, with `block` only after `timeout` seconds."""
        yield from self._put([v], timeout if block else 0.0, partition, partition_ttl)

    @dual
    def put_many(
        self,
        vs: list[Any],
        block: bool = True,
        timeout: Optional[float] = None,
        *,
        partition: Optional[str] = None,
        partition_ttl: int = _DAY_S,
    ) -> Steps:
        """Adds values at the end, all of them or none."""
        yield from self._put(vs, timeout if block else 0.0, partition, partition_ttl)

    @dual
    def get(self, block: bool = True, timeout: Optional[float] = None, *, partition: Optional[str] = None) -> Steps:
        """Removes the first value. Waits for one, and raises `queue.Empty` after `timeout` seconds; without `block` returns None."""
        values = yield from self._get(1, block, timeout, partition)
        return values[0] if values else None

    @dual
    def get_many(
        self, n_values: int, block: bool = True, timeout: Optional[float] = None, *, partition: Optional[str] = None
    ) -> Steps:
        """Removes the first values, up to `n_values`. Waits for one of them, as `get` does; without `block` there may be none."""
        return (yield from self._get(n_values, block, timeout, partition))

    @dual_iterator
    def iterate(self, *, partition: Optional[str] = None, item_poll_timeout: float = 0.0) -> Iterator[Steps]:
        """The values, which stay. Waits `item_poll_timeout` seconds for each next one."""
        reading = _Reading(self, _checked_partition(partition), item_poll_timeout)
        while not reading.is_over:
            yield reading.next()

    @dual
    def len(self, *, partition: Optional[str] = None, total: bool = False) -> Steps:
        """How many values a partition has, or all of them in `total`."""
        _check_one(partition, total, "requesting total length")
        reply = yield from self.ask("queue_length", partition=_checked_partition(partition), total=total)
        return reply.value["length"]

    @dual
    def clear(self, *, partition: Optional[str] = None, all: bool = False) -> Steps:
        """Removes the values of a partition, or of `all`."""
        _check_one(partition, all, "requesting to clear all")
        yield from self.ask("queue_clear", partition=_checked_partition(partition), all=all)

    def _put(self, values: list[Any], timeout: Optional[float], partition: Optional[str], ttl: int) -> Steps:
        deadline = None if timeout is None else time.monotonic() + timeout
        data = [dumps(value) for value in values]
        params = {"partition": _checked_partition(partition), "ttl_s": ttl, "parts": [{"size": len(part)} for part in data]}
        pause = _FIRST_PAUSE_S
        while True:
            reply = yield from self.ask("queue_put", b"".join(data), **params)
            if not reply.value["full"]:
                return
            left = pause if deadline is None else deadline - time.monotonic()
            if left <= 0:
                raise Full(reply.value["full"])
            yield Pause(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _get(self, count: int, block: bool, timeout: Optional[float], partition: Optional[str]) -> Steps:
        params = {"partition": _checked_partition(partition), "count": count}
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _MAX_GET_S if deadline is None else max(0.0, deadline - time.monotonic())
            wait = min(left, _MAX_GET_S) if block else 0.0
            reply = yield from self.ask("queue_get", timeout_s=wait, **params)
            values = [loads(data) for data in payloads_of(reply.value["parts"], reply.payload)]
            if values or not block:
                return values
            if deadline is not None and time.monotonic() >= deadline:
                raise Empty


class _Reading:
    """Passes through a partition without taking anything."""

    def __init__(self, of: Queue, partition: str, poll_timeout: float) -> None:
        self._of = of
        self._partition = partition
        self._poll_timeout = poll_timeout
        self._deadline = time.monotonic() + poll_timeout
        self._last_id = ""
        self.is_over = False

    def next(self) -> Steps:
        """The next values; none when there are none for now."""
        wait = max(0.0, min(_MAX_NEXT_S, self._deadline - time.monotonic()))
        params = {"partition": self._partition, "after": self._last_id, "timeout_s": wait}
        reply = yield from self._of.ask("queue_next", **params)
        values = [loads(data) for data in payloads_of(reply.value["parts"], reply.payload)]
        if values:
            self._last_id = reply.value["last_id"]
            self._deadline = time.monotonic() + self._poll_timeout
        else:
            self.is_over = time.monotonic() >= self._deadline
        return values


def _checked_partition(partition: Optional[str]) -> str:
    if partition is None:
        return ""
    if not 0 < len(partition.encode()) <= _MAX_KEY_BYTES:
        raise InvalidError("Queue partition key must be between 1 and 64 characters.")
    return partition


def _check_one(partition: Optional[str], is_all: bool, what: str) -> None:
    if partition and is_all:
        raise InvalidError(f"Partition must be null when {what}.")


Queue.objects = Manager(Queue)
