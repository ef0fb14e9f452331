"""Stops the input that runs on the main thread: a signal whose handler raises InputCancellation there."""

from __future__ import annotations

import signal
import threading
from _thread import get_ident, interrupt_main
from typing import Any, Callable, Optional

from modal.exception import InputCancellation

# Windows has no signal that one thread can send to another; SIGINT can at least be simulated.
_SIGNAL = getattr(signal, "SIGUSR1", signal.SIGINT)


class Shield:
    """Guards parts of the main thread that must run to their end: an interrupt meanwhile is raised afterwards."""

    def __init__(self) -> None:
        self._main_thread = threading.main_thread().ident
        self._depth = 0
        self._held_back = False
        self._on_interrupt: Optional[Callable[[], bool]] = None

    def __enter__(self) -> None:
        if get_ident() == self._main_thread:
            self._depth += 1

    def __exit__(self, *_: object) -> None:
        if get_ident() == self._main_thread:
            self._depth -= 1
            if self._held_back and self._depth == 0:
                self._held_back = False
                self._raise_if_wanted()

    def install(self) -> None:
        """Installs the handler."""
        # Ctrl-C in the engine's terminal reaches its workers too. The engine decides what stops.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(_SIGNAL, self._handle)

    def ask(self, on_interrupt: Callable[[], bool]) -> None:
        """`on_interrupt` runs on the main thread and says whether to raise now. Until there is one, nothing is raised.

        It is asked at the last moment, so that a signal that arrives late never hits the next input.
        """
        self._on_interrupt = on_interrupt

    def interrupt(self) -> None:
        """Interrupts the main thread. From any thread."""
        if _SIGNAL == signal.SIGINT:
            interrupt_main()
        elif self._main_thread is not None:
            signal.pthread_kill(self._main_thread, _SIGNAL)

    def _handle(self, _signal: int, _frame: Any) -> None:
        if self._depth:
            self._held_back = True
        else:
            self._raise_if_wanted()

    def _raise_if_wanted(self) -> None:
        if self._on_interrupt is not None and self._on_interrupt():
            raise InputCancellation("The input was cancelled.")


SHIELD = Shield()
