"""Modal's services beside functions. Files that name them can be imported; using them says that they are missing."""

from __future__ import annotations

from typing import Any, NoReturn

from modal.exception import UnimplementedError

# How the handles are made, usually at import. Everything else would do something.
_FACTORIES = ("ephemeral", "from_context", "from_id", "from_name", "lookup")


class _ServiceType(type):
    def __getattr__(cls, name: str) -> Any:
        if name in _FACTORIES:
            return lambda *_args, **_kwargs: cls()
        if name.startswith("__"):
            raise AttributeError(name)
        refuse(f"{cls.__name__}.{name}")


class _Service(metaclass=_ServiceType):
    # `with Queue.ephemeral() as queue:`
    def __enter__(self) -> _Service:
        return self

    def __exit__(self, *_error: Any) -> None:
        pass

    async def __aenter__(self) -> _Service:
        return self

    async def __aexit__(self, *_error: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        refuse(f"{type(self).__name__}.{name}")

    def __getitem__(self, _key: Any) -> NoReturn:
        refuse(f"{type(self).__name__}[...]")

    def __setitem__(self, _key: Any, _value: Any) -> NoReturn:
        refuse(f"{type(self).__name__}[...] = ...")

    def __contains__(self, _key: Any) -> NoReturn:
        refuse(f"... in {type(self).__name__}")


class Dict(_Service):
    """A shared dictionary."""


class Environment(_Service):
    """A division of a workspace."""


class Queue(_Service):
    """A shared queue."""


class Sandbox(_Service):
    """A container for commands."""


class Workspace(_Service):
    """An account's workspace."""


def forward(*_args: Any, **_kwargs: Any) -> NoReturn:
    refuse("forward")


def interact(*_args: Any, **_kwargs: Any) -> NoReturn:
    refuse("interact")


def refuse(use: str) -> NoReturn:
    """Raises UnimplementedError for a use of `modal.…` that only Modal's cloud has."""
    raise UnimplementedError(f"`modal.{use}` is not supported by the local engine; use Modal's cloud for it.")
