"""Where the calling code runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

from spawnpoint.context import current_input, in_container


def is_local() -> bool:
    """False in a container."""
    return not in_container()


def current_input_id() -> Optional[str]:
    """The id of the input that the calling code works on; None outside of a container."""
    current = current_input()
    return current.input_id if current else None


def current_function_call_id() -> Optional[str]:
    """The id of the function call that the calling code works on; None outside of a container."""
    current = current_input()
    return current.function_call_id if current else None


@contextmanager
def enable_output(*_args: Any, **_kwargs: Any) -> Iterator[None]:
    """Does nothing: output is always on."""
    yield
