"""From the engine's outputs to values and exceptions."""

from __future__ import annotations

from typing import Any, Optional

from modal.exception import FunctionTimeoutError, InternalFailure, RemoteError
from spawnpoint.channel import Reply
from spawnpoint.payload import decode_exception, decode_value
from spawnpoint.payload_files import payloads_of


class _RemoteTraceback(Exception):
    """Shows, as the cause of an exception, where it was raised in the other container."""

    def __init__(self, traceback: str) -> None:
        self._traceback = traceback

    def __str__(self) -> str:
        return f'\n"""\n{self._traceback}"""'


class Output:
    """One finished input."""

    __slots__ = ("_entry", "data", "index")

    def __init__(self, entry: dict[str, Any], data: bytes) -> None:
        self._entry = entry
        self.data = data
        self.index: int = entry["index"]

    def value(self) -> Any:
        """The function's result. Raises what the function raised, or what says why it has no result."""
        error = self.error()
        if error is not None:
            raise error
        return decode_value(self._entry["format"], self.data)

    def error(self) -> Optional[BaseException]:
        """What `value` would raise for an input that did not succeed; None for one that did."""
        status, text = self._entry["status"], self._entry.get("exception") or ""
        if status == "SUCCESS":
            return None
        if status == "TIMEOUT":
            return FunctionTimeoutError(text)
        if status == "INTERNAL_FAILURE":
            return InternalFailure(text)
        error = decode_exception(self._entry["format"], self.data)
        if error is None:
            error = RemoteError(text or f"The input ended with status {status}.")
        if self._entry.get("traceback"):
            error.__cause__ = _RemoteTraceback(self._entry["traceback"])
        return error


def outputs_of(reply: Reply) -> list[Output]:
    """The outputs in a reply."""
    entries = reply.value["outputs"]
    return [Output(entry, data) for entry, data in zip(entries, payloads_of(entries, reply.payload))]
