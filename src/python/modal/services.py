"""Modal's services beside functions. Files that name them can be imported; using them says that they are missing."""

from __future__ import annotations

from typing import Any, NoReturn

from modal.exception import UnimplementedError

# How the handles are made, usually at import. Everything else would do something.
_FACTORIES = ("from_context", "from_id", "from_name", "lookup")

#: Said when a file that makes one is deployed.
NOT_HERE = "Only Modal's cloud has it; code that uses it raises `modal.exception.UnimplementedError`."

_made: list[str] = []


def made_services() -> list[str]:
    """What of them this process has made, each kind once, in their order: `modal.Sandbox`, `modal.Workspace`."""
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

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(f"{type(self).__name__}.{name}")


class Environment(_Service):
    """A division of a workspace."""


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
