"""Methods that block, and their `.aio` twins for event loops, from one description.

A description is a generator that yields requests to the engine, gets the replies, and returns the method's result. It may also yield pauses.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any, Callable, NamedTuple, Union

from modal import exception
from spawnpoint.channel import Channel, Reply
from spawnpoint.context import engine_channel


class Request(NamedTuple):
    """One request to the engine."""

    method: str
    params: dict[str, Any]
    payload: bytes = b""


class Pause(NamedTuple):
    """Time that passes before the next request. Its reply says nothing."""

    seconds: float


Steps = Generator[Union[Request, Pause], Reply, Any]

_NOTHING = Reply({"ok": True}, b"")
#: What the engine says of a request that is too large, as Modal's servers do.
_TOO_LARGE = "status = '413'"

# As Modal's client maps gRPC statuses.
_ERROR_OF_CODE: dict[str, type[Exception]] = {
    "ABORTED": exception.ConflictError,
    "ALREADY_EXISTS": exception.AlreadyExistsError,
    "CANCELLED": exception.ServiceError,
    "DATA_LOSS": exception.DataLossError,
    "DEADLINE_EXCEEDED": exception.ServiceError,
    "FAILED_PRECONDITION": exception.ConflictError,
    "INTERNAL": exception.InternalError,
    "INVALID_ARGUMENT": exception.InvalidError,
    "NOT_FOUND": exception.NotFoundError,
    "OUT_OF_RANGE": exception.InvalidError,
    "PERMISSION_DENIED": exception.PermissionDeniedError,
    "RESOURCE_EXHAUSTED": exception.ResourceExhaustedError,
    "UNAUTHENTICATED": exception.AuthError,
    "UNAVAILABLE": exception.ServiceError,
    "UNIMPLEMENTED": exception.UnimplementedError,
    "UNKNOWN": exception.ServiceError,
}


def connected_channel() -> Channel:
    """The way to the engine. Raises ExecutionError outside of a container."""
    channel = engine_channel()
    if channel is None:
        raise exception.ExecutionError(
            "This process runs outside of the local engine, where functions can only be called with `.local(...)`; "
            "start a script with `spawnpoint python`, a file with `spawnpoint run`, or deploy the file and call its "
            "functions from the editor, the command line or another function. What a script is to do when it is run, and not "
            'when it is imported, stands below `if __name__ == "__main__":`.'
        )
    return channel


def checked(reply: Reply) -> Reply:
    """Raises Modal's exception for an error reply."""
    if reply.error_code:
        if _TOO_LARGE in reply.message:
            raise exception.RequestSizeError(reply.message)
        raise _ERROR_OF_CODE.get(reply.error_code, exception.Error)(reply.message)
    return reply


def run(steps: Steps) -> Any:
    """Runs a description, waiting for each reply."""
    channel = connected_channel()
    try:
        step = next(steps)
        while True:
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                step = steps.send(_NOTHING)
            else:
                step = steps.send(checked(channel.request(*step)))
    except StopIteration as end:
        return end.value


async def run_async(steps: Steps) -> Any:
    """Runs a description on the running event loop."""
    channel = connected_channel()
    try:
        step = next(steps)
        while True:
            if isinstance(step, Pause):
                from asyncio import sleep

                await sleep(step.seconds)
                step = steps.send(_NOTHING)
            else:
                step = steps.send(checked(await channel.request_async(*step)))
    except StopIteration as end:
        return end.value


class Dual:
    """What a description is called as: `f(...)` or `await f.aio(...)`."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Callable[..., Steps]) -> None:
        self._steps = steps

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return run(self._steps(*args, **kwargs))

    async def aio(self, *args: Any, **kwargs: Any) -> Any:
        return await run_async(self._steps(*args, **kwargs))


class dual:
    """Decorates a description, and makes the method of it that is called as `f(...)` or `await f.aio(...)`."""

    def __init__(self, steps: Callable[..., Steps]) -> None:
        self._steps = steps
        self.__doc__ = steps.__doc__

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else Dual(self._steps.__get__(instance, owner))


class _Pages:
    """What a method that gives descriptions is called as: `for x in f(...)` or `async for x in f.aio(...)`."""

    __slots__ = ("_pages",)

    def __init__(self, pages: Callable[..., Iterator[Steps]]) -> None:
        self._pages = pages

    def __call__(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for steps in self._pages(*args, **kwargs):
            yield from run(steps)

    async def aio(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        for steps in self._pages(*args, **kwargs):
            for value in await run_async(steps):
                yield value


class dual_iterator:
    """Decorates a generator of descriptions, each of which returns the next values, and makes the method that yields all of them."""

    def __init__(self, pages: Callable[..., Iterator[Steps]]) -> None:
        self._pages = pages
        self.__doc__ = pages.__doc__

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else _Pages(self._pages.__get__(instance, owner))
