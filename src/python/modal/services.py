"""Modal's services beside functions. Files that name them can be imported; using them says that they are missing."""

from __future__ import annotations

from typing import Any, NoReturn

from modal.exception import UnimplementedError

# How the handles are made, usually at import. Everything else would do something.
_FACTORIES = ("ephemeral", "from_context", "from_id", "from_name", "lookup")

#: Said when a file that makes one is deployed.
NOT_HERE = "Only Modal's cloud has it; code that uses it raises `modal.exception.UnimplementedError`."

_made: list[str] = []


def made_services() -> list[str]:
    """What of them this process has made, each kind once, in their order: `modal.Dict`, `modal.Queue`."""
    return list(dict.fromkeys(_made))


class _ServiceType(type):
    def __getattr__(cls, name: str) -> Any:
        if name in _FACTORIES:
            return lambda *_args, **_kwargs: cls()
        # Whoever looks for a protocol that a class may have, such as pickle, asks for names like these.
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(f"{cls.__name__}.{name}")


class _Service(metaclass=_ServiceType):
    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        _made.append(f"modal.{type(self).__name__}")

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
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(f"{type(self).__name__}.{name}")

    def __getitem__(self, _key: Any) -> NoReturn:
        refuse(f"{type(self).__name__}[...]")

    def __setitem__(self, _key: Any, _value: Any) -> NoReturn:
        refuse(f"{type(self).__name__}[...] = ...")

    def __delitem__(self, _key: Any) -> NoReturn:
        refuse(f"{type(self).__name__}.__delitem__")

    def __contains__(self, _key: Any) -> NoReturn:
        refuse(f"{type(self).__name__}.__contains__")


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
