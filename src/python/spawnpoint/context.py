"""Where this process is: the engine it belongs to, if any, and the input that the calling code works on."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Optional

from spawnpoint.payload_files import read_payload

if TYPE_CHECKING:
    from spawnpoint.channel import Channel


class Input:
    """One input of a function call, from its arrival to its output."""

    __slots__ = ("_data", "_file", "format", "function_call_id", "input_id", "method", "started_at")

    def __init__(
        self,
        input_id: str,
        function_call_id: str,
        data_format: int,
        data: bytes,
        method: str = "",
        file: Optional[str] = None,
    ) -> None:
        self.input_id = input_id
        self.function_call_id = function_call_id
        self.format = data_format
        self._data = data
        self._file = file
        self.method = method
        self.started_at = 0.0

    @property
    def data(self) -> bytes:
        """The serialized arguments. Large ones are read from their file when the input begins, so that many may wait."""
        return self._data if self._file is None else read_payload(self._file)


_input_of_context: ContextVar[Optional[Input]] = ContextVar("spawnpoint_input", default=None)
# Threads that user code starts have a context of their own; what they do belongs to the input that is running.
_running_input: Optional[Input] = None
_is_shared = False
_channel: Optional[Channel] = None
_is_container = True
_imports_as_container = False


def share_process() -> None:
    """Says that several inputs run at a time from now on: a thread that user code starts belongs to none of them."""
    global _is_shared
    _is_shared = True


def set_current_input(current: Optional[Input]) -> None:
    """Says what this context works on from now on. None: on no input."""
    global _running_input
    _running_input = None if _is_shared else current
    _input_of_context.set(current)


def current_input() -> Optional[Input]:
    """The input that the calling code works on."""
    return _input_of_context.get() or _running_input


def set_channel(channel: Optional[Channel]) -> None:
    """Connects this process to the engine. None: it is not, or no longer, a worker."""
    global _channel
    _channel = channel


def engine_channel() -> Optional[Channel]:
    """The way to the engine; None for a process that has nothing to do with it."""
    return _channel


def join_as_client(channel: Channel) -> None:
    """Connects this process to the engine as one that runs apps, and is no container."""
    global _is_container
    _is_container = False
    set_channel(channel)


def import_as_container() -> None:
    """Says that user code is imported here to find out what containers will find."""
    global _imports_as_container
    _imports_as_container = True


def in_container() -> bool:
    """Whether this process is a worker, or imports code as one would."""
    return _imports_as_container or (_is_container and _channel is not None)
