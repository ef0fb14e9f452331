"""What describes machines and surroundings: images, secrets, volumes, schedules. All are accepted, without effect."""

from __future__ import annotations

import sys
from typing import Any, Callable


class _SettingType(type):
    """Makes every factory (`Image.debian_slim()`, `Secret.from_name("x")`) return a setting."""

    def __getattr__(cls, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_args, **_kwargs: cls()


class _Setting(metaclass=_SettingType):
    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_args, **_kwargs: self


class CloudBucketMount(_Setting):
    """A bucket as a folder."""


class Cron(_Setting):
    """A schedule by the calendar."""


class FilePatternMatcher(_Setting):
    """Patterns of files to leave out."""

    def __call__(self, _path: Any) -> bool:
        return False

    def __invert__(self) -> FilePatternMatcher:
        return self


class Image(_Setting):
    """What a container has installed. Here that is what the interpreter has."""

    def imports(self) -> _Imports:
        """Lets a file be imported although some packages are missing."""
        return _Imports()

    run_inside = imports


class Mount(_Setting):
    """Local files in a container."""


class NetworkFileSystem(_Setting):
    """A shared folder."""


class Period(_Setting):
    """A schedule by intervals."""


class Proxy(_Setting):
    """A fixed address for outgoing traffic."""


class SchedulerPlacement(_Setting):
    """Where containers run."""


class Secret(_Setting):
    """Environment variables that are kept elsewhere."""


class Volume(_Setting):
    """A folder that containers share. Here they share all of this computer's folders, so a commit has nothing to do."""


class _Imports:
    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: Any, error: Any, _traceback: Any) -> bool:
        if not isinstance(error, ImportError):
            return False
        print(f"{error}: this interpreter ({sys.executable}) lacks what the image would have.", file=sys.stderr)
        return True
