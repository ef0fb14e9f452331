"""The event loop of a container."""

from __future__ import annotations

import asyncio
import warnings


def event_loop() -> asyncio.AbstractEventLoop:
    """The main thread's loop: the one that the import of user code has made and left, or a new one.

    In Python 3.9, a lock or a queue that is made while a module is imported belongs to the loop that is there then.
    """
    with warnings.catch_warnings():
        # Some Pythons make a loop here, and say that others will not.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            loop = asyncio.get_event_loop()
        except RuntimeError:
            loop = None
    if loop is None or loop.is_closed():
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop
