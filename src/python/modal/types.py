"""Plain data that Modal's objects return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Optional


class InputStatus(IntEnum):
    """How far an input is."""

    PENDING = 0
    SUCCESS = 1
    FAILURE = 2
    TERMINATED = 3
    TIMEOUT = 4
    INIT_FAILURE = 5

    @classmethod
    def _missing_(cls, value: object) -> InputStatus:
        return cls.PENDING


@dataclass
class InputInfo:
    """One input in a call graph, with the inputs of the calls that it made."""

    input_id: str
    function_call_id: str
    task_id: str
    status: InputStatus
    function_name: str
    module_name: str
    children: list[InputInfo]


@dataclass(frozen=True)
class FunctionStats:
    """A function's queue and its containers."""

    backlog: int
    num_total_runners: int
    num_running_inputs: int
    input_headroom: int


@dataclass(frozen=True)
class FunctionAutoscalerSettings:
    """How a function's containers come and go. The window is in seconds."""

    min_containers: int
    max_containers: int
    buffer_containers: int
    scaledown_window: float


@dataclass(frozen=True)
class ObjectInfo:
    """Of a dict or a queue."""

    name: Optional[str]
    created_at: datetime
    created_by: Optional[str]


DictInfo = QueueInfo = ObjectInfo


class FileEntryType(IntEnum):
    """What stands at a path of a volume."""

    UNSPECIFIED = 0
    FILE = 1
    DIRECTORY = 2
    SYMLINK = 3
    FIFO = 4
    SOCKET = 5


@dataclass(frozen=True)
class FileEntry:
    """A file or a folder of a volume. The time is in unix seconds, the size in bytes."""

    path: str
    type: FileEntryType
    mtime: int
    size: int
