"""What dicts and queues have in common: names and ids, handles that ask the engine when they are first used, and their managers."""

from __future__ import annotations

import re
from datetime import datetime
from threading import Event, Thread
from typing import Any, ClassVar, Generic, Optional, TypeVar, Union

from modal.dual import Request, Steps, connected_channel, dual, run, run_async
from modal.exception import InvalidError
from modal.types import ObjectInfo

# Modal's rule for the names of objects.
_NAME = re.compile(r"[a-zA-Z0-9\-_.]{1,64}")
# As often as Modal's client does.
_HEARTBEAT_S = 300.0

_Self = TypeVar("_Self", bound="NamedObject")


class NamedObject:
    """A handle of something that the engine keeps. It is made without asking the engine."""

    #: Says to our pickles that this is passed on as Modal passes its handles.
    _pickled_by_id = True
    _prefix: ClassVar[str]

    def __init__(self) -> None:
        kind = type(self).__name__
        raise RuntimeError(f"`{kind}(...)` makes nothing; use `{kind}.from_name` or `{kind}.ephemeral`.")

    @classmethod
    def from_name(
        cls: type[_Self],
        name: str,
        *,
        environment_name: Optional[str] = None,
        create_if_missing: bool = False,
        client: Any = None,
    ) -> _Self:
        """One by its name. It is looked up, or made, when it is first used."""
        _check_name(cls, name)
        return _handle(cls, name, {"name": name, "environment": environment_name or "", "create": create_if_missing})

    @classmethod
    def from_id(cls: type[_Self], object_id: str, client: Any = None) -> _Self:
        """One by its id."""
        return _handle(cls, None, {"object_id": object_id})

    @classmethod
    def ephemeral(cls: type[_Self], client: Any = None, environment_name: Optional[str] = None) -> Ephemeral[_Self]:
        """One without a name, which is deleted when its `with` ends."""
        return Ephemeral(_handle(cls, None, {"ephemeral": True}))

    @property
    def name(self) -> Optional[str]:
        return self._name

    @property
    def object_id(self) -> str:
        return str(run(self.id_steps()))

    @dual
    def hydrate(self, client: Any = None) -> Steps:
        """Looks it up now. Raises NotFoundError when it is not there."""
        yield from self.id_steps()
        return self

    @dual
    def info(self) -> Steps:
        """Its name, and when and by whom it was made."""
        yield from self.id_steps()
        return ObjectInfo(self._name, datetime.fromtimestamp(self._created_at).astimezone(), self._created_by or None)

    def id_steps(self) -> Steps:
        """Its id, for other descriptions."""
        if self._object_id is None:
            reply = yield Request("object_open", {"kind": self._prefix, **self._place})
            self.found(reply.value)
        return self._object_id

    def ask(self, method: str, payload: bytes = b"", **params: Any) -> Steps:
        """The engine's reply to a request that is about this one, for other descriptions."""
        object_id = yield from self.id_steps()
        return (yield Request(method, {"object_id": object_id, **params}, payload))

    def found(self, value: dict[str, Any]) -> None:
        """Takes what the engine says of it."""
        self._name = value["name"] or None
        self._created_at, self._created_by = value["created_at"], value["created_by"]
        self._object_id = value["object_id"]

    def __repr__(self) -> str:
        return f"modal.{type(self).__name__}({self._name or self._object_id or ''})"

    # Set by `_handle`: users do not call the constructor.
    _name: Optional[str]
    _place: dict[str, Any]
    _object_id: Optional[str]
    _created_at: float
    _created_by: str


def _handle(cls: type[_Self], name: Optional[str], place: dict[str, Any]) -> _Self:
    handle = cls.__new__(cls)
    handle._name, handle._place = name, place
    handle._object_id, handle._created_at, handle._created_by = None, 0.0, ""
    return handle


def _check_name(cls: type, name: str) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidError(
            f"Invalid {cls.__name__} name: {name!r}; write up to 64 letters, digits, dashes, dots and underscores."
        )


class Ephemeral(Generic[_Self]):
    """`with Queue.ephemeral() as queue:`, or `async with`."""

    def __init__(self, handle: _Self) -> None:
        self._handle = handle
        self._ended = Event()

    def __enter__(self) -> _Self:
        run(self._handle.id_steps())
        self._stay_alive()
        return self._handle

    def __exit__(self, *_error: Any) -> None:
        self._ended.set()
        run(self._handle.ask("object_delete"))

    async def __aenter__(self) -> _Self:
        await run_async(self._handle.id_steps())
        self._stay_alive()
        return self._handle

    async def __aexit__(self, *_error: Any) -> None:
        self._ended.set()
        await run_async(self._handle.ask("object_delete"))

    def _stay_alive(self) -> None:
        Thread(target=self._beat, name="spawnpoint-heartbeat", daemon=True).start()

    def _beat(self) -> None:
        params = {"object_id": self._handle.object_id}
        while not self._ended.wait(_HEARTBEAT_S):
            connected_channel().start_request("object_heartbeat", params, b"", lambda _reply: None)


class Manager:
    """`Dict.objects`: makes, lists and deletes those with names."""

    def __init__(self, cls: type[NamedObject]) -> None:
        self._cls = cls

    @dual
    def create(
        self,
        name: str,
        *,
        allow_existing: bool = False,
        environment_name: Optional[str] = None,
        client: Any = None,
    ) -> Steps:
        """Makes one. Raises AlreadyExistsError where there is one of that name, unless that is allowed."""
        _check_name(self._cls, name)
        place = {"name": name, "environment": environment_name or "", "create": True, "must_be_new": not allow_existing}
        yield Request("object_open", {"kind": self._cls._prefix, **place})

    @dual
    def list(
        self,
        *,
        max_objects: Optional[int] = None,
        created_before: Union[datetime, str, None] = None,
        environment_name: Optional[str] = None,
        client: Any = None,
    ) -> Steps:
        """All of an environment, the newest first."""
        if max_objects is not None and max_objects < 0:
            raise InvalidError("max_objects cannot be negative")
        if isinstance(created_before, str):
            created_before = datetime.fromisoformat(created_before)
        params = {
            "kind": self._cls._prefix,
            "environment": environment_name or "",
            "before": created_before.timestamp() if created_before is not None else 0,
        }
        reply = yield Request("object_list", params)
        handles = []
        for value in reply.value["objects"][:max_objects]:
            handle = self._cls.from_id(value["object_id"])
            handle.found(value)
            handles.append(handle)
        return handles

    @dual
    def delete(
        self,
        name: str,
        *,
        allow_missing: bool = False,
        environment_name: Optional[str] = None,
        client: Any = None,
    ) -> Steps:
        """Deletes one with all that it holds. Raises NotFoundError where there is none, unless that is allowed."""
        place = {"name": name, "environment": environment_name or "", "allow_missing": allow_missing}
        yield Request("object_delete", {"kind": self._cls._prefix, **place})
