"""Methods that block, and their `.aio` twins for event loops, from one description.

A description is a generator that yields requests to the engine, gets the replies, and returns the method's result.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Callable, NamedTuple

from modal import exception
from spawnpoint.channel import Channel, Reply
from spawnpoint.context import engine_channel


class Request(NamedTuple):
    """One request to the engine."""

    method: str
    params: dict[str, Any]
    payload: bytes = b""


Steps = Generator[Request, Reply, Any]

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
        raise _ERROR_OF_CODE.get(reply.error_code, exception.Error)(reply.message)
    return reply


def run(steps: Steps) -> Any:
    """Runs a description, waiting for each reply."""
    channel = connected_channel()
    try:
        request = next(steps)
        while True:
            request = steps.send(checked(channel.request(*request)))
    except StopIteration as end:
        return end.value


async def run_async(steps: Steps) -> Any:
    """Runs a description on the running event loop."""
    channel = connected_channel()
    try:
        request = next(steps)
        while True:
            request = steps.send(checked(await channel.request_async(*request)))
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
