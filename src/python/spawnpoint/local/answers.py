"""What the client is told of a local call: items while it runs, and how it ended."""

from __future__ import annotations

from typing import Any, Callable

from spawnpoint.failures import format_traceback, safe_repr
from spawnpoint.payload import CBOR, encode_value

Send = Callable[[dict[str, Any], bytes], None]


class Answers:
    def __init__(self, send: Send) -> None:
        self._send = send

    def item(self, value: Any) -> None:
        """Something that a generator yielded. Raises SerializationError for what has no form in CBOR."""
        self._send({"type": "item"}, encode_value(CBOR, value))

    def value(self, value: Any) -> None:
        """Ends the call with what it returned. Raises SerializationError for what has no form in CBOR."""
        self._send({"type": "value"}, encode_value(CBOR, value))

    def end(self) -> None:
        """Ends a generator."""
        self._send({"type": "end"}, b"")

    def definition(self, place: dict[str, Any]) -> None:
        """Answers the question where a function stands."""
        self._send({"type": "definition", **place}, b"")

    def failure(self, error: BaseException) -> None:
        """Ends the call with what user code raised."""
        failure = {"exception": safe_repr(error), "traceback": format_traceback(error)}
        self._send({"type": "failure", **failure}, b"")

    def refusal(self, message: str) -> None:
        """Ends a call that makes no sense."""
        self._send({"type": "refusal", "message": message}, b"")
