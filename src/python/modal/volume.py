"""Volumes: folders of this computer that functions share, known by their names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from tempfile import TemporaryDirectory
from typing import Any, Callable, NamedTuple, NoReturn, Optional

from modal import volume_files
from modal.dual import Request, Steps, run, run_async
from modal.exception import InvalidError
from modal.services import refuse

_NAME = re.compile(r"[a-zA-Z0-9-_.]{1,64}")


class VolumeMount(NamedTuple):
    """A volume at a path of a function's containers."""

    path: str
    volume: Volume

    def described(self) -> dict[str, Any]:
        """As the engine takes it."""
        volume = self.volume
        return {
            "path": self.path,
            "name": volume.name,
            "environment": volume.environment_name,
            "create_if_missing": volume.create_if_missing,
            "version": volume.version,
            "sub_path": volume.sub_path,
        }


class _Deed:
    """What is done with the files of a volume: `volume.f(...)`, or `await volume.f.aio(...)`."""

    def __init__(self, do: Callable[..., Any]) -> None:
        self._do = do
        self.__doc__ = do.__doc__

    def __get__(self, volume: Optional[Volume], owner: type) -> Any:
        return self if volume is None else _BoundDeed(self._do, volume)


class _BoundDeed:
    def __init__(self, do: Callable[..., Any], volume: Volume) -> None:
        self._do = do
        self._volume = volume

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._do(self._volume.folder(), *args, **kwargs)

    async def aio(self, *args: Any, **kwargs: Any) -> Any:
        return self._do(await self._volume.folder_async(), *args, **kwargs)


class _Items(_Deed):
    """The same for what gives one item after the other: `for x in volume.f(...)`, or `async for x in volume.f.aio(...)`."""

    def __get__(self, volume: Optional[Volume], owner: type) -> Any:
        return self if volume is None else _BoundItems(self._do, volume)


class _BoundItems(_BoundDeed):
    async def aio(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:  # type: ignore[override]
        for item in self._do(await self._volume.folder_async(), *args, **kwargs):
            yield item


class _Nothing:
    """What has nothing to do: others see what is written at once."""

    def __call__(self) -> None:
        pass

    async def aio(self) -> None:
        pass


class _VolumeType(type):
    def __getattr__(cls, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(f"Volume.{name}")


class Volume(metaclass=_VolumeType):
    """A folder that functions share."""

    def __init__(self, name: str, environment_name: str = "", create_if_missing: bool = False, version: int = 0) -> None:
        self.name = name
        self.environment_name = environment_name
        self.create_if_missing = create_if_missing
        self.version = version
        #: Of it, what stands where it is mounted; empty for all.
        self.sub_path = ""
        self._folder = ""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(f"Volume.{name}")

    @classmethod
    def from_name(
        cls,
        name: str,
        *,
        environment_name: Optional[str] = None,
        create_if_missing: bool = False,
        version: Optional[int] = None,
        **_options: Any,
    ) -> Volume:
        """The volume of that name, looked for when it is used. Raises InvalidError for what cannot be a name."""
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidError(f"{name!r} cannot name a volume; write up to 64 letters, digits, dashes, dots and underscores.")
        return cls(name, environment_name or "", create_if_missing, version or 0)

    @classmethod
    def ephemeral(cls, **_options: Any) -> _Ephemeral:
        """`with Volume.ephemeral() as volume:` one without a name, for as long as the block runs."""
        return _Ephemeral()

    def read_only(self) -> Volume:
        """The volume itself: nothing keeps functions from writing to it."""
        return self

    def with_mount_options(self, *, sub_path: Any = None, **_options: Any) -> Volume:
        """The same volume, of which only a folder is mounted."""
        changed = Volume(self.name, self.environment_name, self.create_if_missing, self.version)
        changed.sub_path = self.sub_path if sub_path is None else str(sub_path).strip("/")
        return changed

    commit = _Nothing()
    reload = _Nothing()
    listdir = _Deed(volume_files.listed)
    iterdir = _Items(volume_files.entries)
    read_file = _Items(volume_files.pieces)
    read_file_into_fileobj = _Deed(volume_files.read_into)
    remove_file = _Deed(volume_files.remove)
    copy_files = _Deed(volume_files.copy)
    batch_upload = _Deed(volume_files.BatchUpload)

    def hydrate(self, *_args: Any) -> Volume:
        """Looks it up. Raises NotFoundError."""
        self.folder()
        return self

    def folder(self) -> str:
        """Where its files are. Raises NotFoundError."""
        return self._folder or str(run(self._open()))

    async def folder_async(self) -> str:
        """The same on an event loop."""
        return self._folder or str(await run_async(self._open()))

    def _open(self) -> Steps:
        params = {
            "name": self.name,
            "environment": self.environment_name,
            "create": self.create_if_missing,
            "version": self.version,
        }
        reply = yield Request("volume", params)
        self._folder = reply.value["folder"]
        return self._folder


class _Ephemeral:
    def __init__(self) -> None:
        self._volume = Volume("")

    def __enter__(self) -> Volume:
        self._temporary = TemporaryDirectory(prefix="spawnpoint-volume-")
        self._volume._folder = self._temporary.name
        return self._volume

    def __exit__(self, *_error: Any) -> None:
        self._temporary.cleanup()

    async def __aenter__(self) -> Volume:
        return self.__enter__()

    async def __aexit__(self, *error: Any) -> None:
        self.__exit__(*error)


def take_volumes(options: dict[str, Any]) -> tuple[VolumeMount, ...]:
    """The volumes of the option `volumes`, of which only what has no effect here, such as buckets, is left in `options`."""
    given = options.pop("volumes", None) or {}
    if not isinstance(given, dict):
        raise InvalidError(f"`volumes` takes a dict of paths and volumes, not {given!r}.")
    mounts = {str(path): volume for path, volume in given.items() if isinstance(volume, Volume) and volume.name}
    others = {path: other for path, other in given.items() if str(path) not in mounts}
    if others:
        options["volumes"] = others
    return tuple(VolumeMount(path, volume) for path, volume in mounts.items())
