"""Who reads the engine's pipe: the main thread while it has nothing to run, and else the inbox thread.

What the main thread reads itself needs no hand-over between threads, which takes longer than all the rest of a short input. While
user code runs somebody must read all the same, for cancellations, replies, and the end of the engine: the inbox thread does so when
the main thread has been away for a while, and at once when somebody waits for a reply.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Lock
from typing import Callable

from spawnpoint.interrupts import SHIELD

# Short inputs are over before. How much later a cancellation may arrive, which user code does not notice.
_PATIENCE_S = 0.005


class Turns:
    """At first it is the inbox thread's turn: the main thread imports user code."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inbox_reads = True
        self._main_reads = False
        self._main_waits = False
        self._departures = 0
        self._is_urgent = False
        self._is_parked = False
        self._wakes: SimpleQueue[None] = SimpleQueue()

    def main_arrives(self) -> bool:
        """The main thread has nothing to run. Whether it is to read: otherwise, what it waits for is read for it."""
        with self._lock:
            self._main_waits = True
            self._main_reads = not self._inbox_reads
            return self._main_reads

    def main_leaves(self, *, is_urgent: bool) -> None:
        """The main thread has something to run. It is urgent that somebody reads when a reply is waited for."""
        with self._lock:
            self._main_waits = self._main_reads = False
            self._departures += 1
            if is_urgent and not self._inbox_reads:
                self._is_urgent = True
            if self._is_parked or self._is_urgent:
                self._wake()

    def hurry(self) -> None:
        """Somebody waits for a reply. From any thread."""
        with SHIELD, self._lock:
            if not self._main_reads and not self._inbox_reads:
                self._is_urgent = True
                self._wake()

    def inbox_goes_on(self, has_work: Callable[[], bool]) -> bool:
        """After each frame: no longer when the main thread has waited, and has something to run now. It comes back when it is done."""
        with self._lock:
            self._inbox_reads = not (self._main_waits and has_work())
            return self._inbox_reads

    def await_inbox(self) -> None:
        """Returns when it is the inbox thread's turn. Sleeps, without waking up now and then, while the main thread reads."""
        while True:
            with self._lock:
                departures = self._departures
                self._is_parked = self._main_reads
                timeout = None if self._is_parked else _PATIENCE_S
            try:
                self._wakes.get(timeout=timeout)
            except Empty:
                pass
            with self._lock:
                if not self._main_reads and (self._is_urgent or self._departures == departures):
                    self._is_urgent = False
                    self._inbox_reads = True
                    return

    def _wake(self) -> None:
        self._is_parked = False
        self._wakes.put(None)
