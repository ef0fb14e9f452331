"""What is done with the files of a volume, in its folder. Paths are from its root, with slashes, and one in front or not."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Optional, Union

from modal.exception import InvalidError
from modal.types import FileEntry, FileEntryType

_PIECE_BYTES = 8 * 1024 * 1024


def entries(folder: str, path: str, *, recursive: bool = True) -> Iterator[FileEntry]:
    """What is in a folder, or the one file. Raises FileNotFoundError."""
    place = _inside(folder, path)
    if not os.path.isdir(place):
        yield _entry(folder, place)
        return
    for name in sorted(os.listdir(place)):
        inner = os.path.join(place, name)
        yield _entry(folder, inner)
        if recursive and os.path.isdir(inner) and not os.path.islink(inner):
            yield from entries(folder, os.path.relpath(inner, folder).replace(os.sep, "/"))


def listed(folder: str, path: str, *, recursive: bool = False) -> list[FileEntry]:
    """The same as a list."""
    return list(entries(folder, path, recursive=recursive))


def pieces(folder: str, path: str) -> Iterator[bytes]:
    """A file, piece by piece. Raises FileNotFoundError."""
    with open(_inside(folder, path), "rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def read_into(folder: str, path: str, fileobj: Any, progress_cb: Any = None) -> int:
    """Writes a file to another one, and returns its size."""
    return sum(fileobj.write(piece) for piece in pieces(folder, path))


def remove(folder: str, path: str, recursive: bool = False) -> None:
    """Raises FileNotFoundError, and InvalidError for a folder that is not removed with all in it."""
    place = _inside(folder, path)
    if not os.path.isdir(place) or os.path.islink(place):
        os.remove(place)
    elif recursive and place != folder:
        shutil.rmtree(place)
    else:
        raise InvalidError(f"{path} is a folder; remove it with `recursive=True`.")


def copy(folder: str, src_paths: Sequence[str], dst_path: str, recursive: bool = False) -> None:
    """Copies as `cp` does: into the target when that is a folder, else to it."""
    target = _inside(folder, dst_path)
    if len(src_paths) != 1 and not os.path.isdir(target):
        raise InvalidError(f"There is no folder {dst_path} to copy several files to.")
    for src_path in src_paths:
        source = _inside(folder, src_path)
        to = os.path.join(target, os.path.basename(source)) if os.path.isdir(target) else target
        os.makedirs(os.path.dirname(to), exist_ok=True)
        if not os.path.isdir(source):
            shutil.copyfile(source, to)
        elif recursive:
            shutil.copytree(source, to, symlinks=True, dirs_exist_ok=True)
        else:
            raise InvalidError(f"{src_path} is a folder; copy it with `recursive=True`.")


class BatchUpload:
    """`with volume.batch_upload() as batch:` files that are put when the block ends. Nothing that is there is overwritten without `force`."""

    def __init__(self, folder: str, force: bool = False) -> None:
        self._folder = folder
        self._force = force
        self._files: list[tuple[Union[str, BinaryIO], str]] = []

    def __enter__(self) -> BatchUpload:
        return self

    def __exit__(self, kind: Any, *_error: Any) -> None:
        if kind is None:
            self._put()

    async def __aenter__(self) -> BatchUpload:
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.__exit__(*error)

    def put_file(self, local_file: Any, remote_path: Any, mode: Optional[int] = None) -> None:
        """A file, by its path or open for reading."""
        self._files.append((local_file if hasattr(local_file, "read") else os.fspath(local_file), str(remote_path)))

    def put_directory(self, local_path: Any, remote_path: Any, recursive: bool = True) -> None:
        """All files of a folder."""
        for root, folders, names in os.walk(local_path):
            for name in names:
                inner = os.path.join(root, name)
                relative = os.path.relpath(inner, local_path).replace(os.sep, "/")
                self.put_file(inner, f"{remote_path}/{relative}")
            if not recursive:
                folders.clear()

    def _put(self) -> None:
        placed = [(source, path, _inside(self._folder, path)) for source, path in self._files]
        for _source, path, place in placed:
            if os.path.isdir(place) or (os.path.exists(place) and not self._force):
                raise FileExistsError(f"{path} is in the volume already.")
        for source, _path, place in placed:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            if isinstance(source, str):
                shutil.copyfile(source, place)
                continue
            with open(place, "wb") as file:
                shutil.copyfileobj(source, file)


def _inside(folder: str, path: str) -> str:
    parts = [part for part in str(path).split("/") if part not in ("", ".")]
    place = os.path.join(folder, *parts)
    root = os.path.realpath(folder)
    if ".." not in parts and os.path.commonpath([root, os.path.realpath(place)]) == root:
        return place
    raise InvalidError(f"{path!r} leads out of the volume.")


def _entry(folder: str, place: str) -> FileEntry:
    stats = os.lstat(place)
    path = os.path.relpath(place, folder).replace(os.sep, "/")
    return FileEntry(path, _kind(stats.st_mode), int(stats.st_mtime), stats.st_size)


def _kind(mode: int) -> FileEntryType:
    if stat.S_ISDIR(mode):
        return FileEntryType.DIRECTORY
    if stat.S_ISLNK(mode):
        return FileEntryType.SYMLINK
    if stat.S_ISFIFO(mode):
        return FileEntryType.FIFO
    return FileEntryType.SOCKET if stat.S_ISSOCK(mode) else FileEntryType.FILE
