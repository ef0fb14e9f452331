"""Forks of ours, which stay in the conversation with the engine, beside those of user code, which leave it."""

from __future__ import annotations

import os
import warnings

_under_way = False


def own_fork() -> int:
    """`os.fork()`, known as ours to what runs after a fork."""
    global _under_way
    _under_way = True
    try:
        with warnings.catch_warnings():
            # Newer Pythons warn of threads. There is one, ours: it waits in a read, and holds nothing that a copy needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            return os.fork()
    finally:
        _under_way = False


def is_own_fork() -> bool:
    """Whether the fork that is under way is ours."""
    return _under_way
