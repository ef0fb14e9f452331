"""Exceptions as text: what the user wrote, without our own frames, and never another exception on the way."""

from __future__ import annotations

import os
from typing import Any, Optional

# As Modal trims them.
_MAX_TEXT_BYTES = 2 * 1024 * 1024
_OUR_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def safe_repr(error: BaseException) -> str:
    """`repr(error)`, also where the class's own `__repr__` raises."""
    try:
        return trimmed(repr(error))
    except BaseException as broken:
        return f"{type(error).__name__}(<its repr raised {type(broken).__name__}>)"


def safe_str(error: BaseException) -> str:
    """`str(error)`, also where the class's own `__str__` raises."""
    try:
        return trimmed(str(error))
    except BaseException:
        return safe_repr(error)


def format_traceback(error: BaseException) -> str:
    """The traceback as Python prints it, with causes, but without our own frames and those of the import system."""
    from traceback import TracebackException

    try:
        report = TracebackException.from_exception(error)
        _without_our_frames(report, set())
        return trimmed("".join(report.format()))
    except BaseException as broken:
        return f"{safe_repr(error)}\n(its traceback cannot be formatted: {type(broken).__name__})\n"


def location(error: BaseException, is_users: Any) -> tuple[str, int]:
    """File and line at fault: of a syntax error its own, else the innermost frame for which `is_users(path)` holds."""
    if isinstance(error, SyntaxError) and error.filename and is_users(error.filename):
        return error.filename, error.lineno or 0
    place = ("", 0)
    frame = error.__traceback__
    while frame is not None:
        path = frame.tb_frame.f_code.co_filename
        if is_users(path):
            place = (path, frame.tb_lineno)
        frame = frame.tb_next
    return place


def trimmed(text: str) -> str:
    """At most 2 MiB of UTF-8: beginning and end of a longer text. Lone surrogates are escaped."""
    data = text.encode("utf-8", "backslashreplace")
    if len(data) > _MAX_TEXT_BYTES:
        note = f"\n… {len(data) - _MAX_TEXT_BYTES} bytes left out …\n".encode()
        half = (_MAX_TEXT_BYTES - len(note) - 16) // 2
        data = data[:half] + note + data[-half:]
    return data.decode("utf-8", "ignore")


def _without_our_frames(report: Any, seen: set[int]) -> None:
    nested: list[Optional[Any]] = [report]
    while nested:
        current = nested.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        current.stack[:] = [frame for frame in current.stack if not _is_ours(frame.filename)]
        nested += [current.__cause__, current.__context__, *(getattr(current, "exceptions", None) or ())]


def _is_ours(path: str) -> bool:
    return path.startswith((_OUR_FOLDER, "<frozen importlib"))
