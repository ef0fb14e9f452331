"""What describes machines and surroundings: images, schedules, and secrets, of which some have an effect."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Optional

from modal.environment import checked_variables, read_dotenv
from modal.exception import InvalidError
from modal.services import refuse
from spawnpoint.context import in_container


# What would change something on Modal, where a setting is only named.
_DEEDS = ("create_deployed", "delete", "objects", "rename")


class _SettingType(type):
    """Makes every factory (`Image.debian_slim()`, `Secret.from_name("x")`) return a setting."""

    def __getattr__(cls, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _DEEDS:
            refuse(f"{cls.__name__}.{name}")
        return lambda *_args, **_kwargs: cls()


class _Setting(metaclass=_SettingType):
    #: What is said of it where it has no effect.
    said_name = ""

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

    def __init__(self, cron_string: str, timezone: str = "UTC") -> None:
        if not isinstance(cron_string, str) or len(cron_string.split()) != 5:
            raise InvalidError(f"`Cron` takes five fields, such as \"0 9 * * 1\", not {cron_string!r}.")
        self._text = f"Cron({cron_string!r}" + (")" if timezone == "UTC" else f", timezone={timezone!r})")

    def __repr__(self) -> str:
        return self._text


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

    def __init__(
        self,
        *,
        years: int = 0,
        months: int = 0,
        weeks: int = 0,
        days: int = 0,
        hours: int = 0,
        minutes: int = 0,
        seconds: float = 0,
    ) -> None:
        spans = {"years": years, "months": months, "weeks": weeks, "days": days}
        spans.update({"hours": hours, "minutes": minutes, "seconds": seconds})
        self._text = f"Period({', '.join(f'{name}={value}' for name, value in spans.items() if value)})"

    def __repr__(self) -> str:
        return self._text


class Proxy(_Setting):
    """A fixed address for outgoing traffic."""


class SchedulerPlacement(_Setting):
    """Where containers run."""


class Secret(_Setting):
    """Environment variables. Those that are kept on Modal are not here: such a secret has no `variables`."""

    def __init__(self, variables: Optional[dict[str, str]] = None, name: str = "") -> None:
        self.variables = variables
        self.said_name = name

    @classmethod
    def from_name(cls, name: str, **_options: Any) -> Secret:
        """One that is kept on Modal."""
        return cls(name=name)

    @classmethod
    def from_dict(cls, env_dict: Optional[dict[str, Optional[str]]] = None) -> Secret:
        """The variables themselves; those without a value are left out."""
        return cls(checked_variables("Secret.from_dict", env_dict or {}))

    @classmethod
    def from_dotenv(cls, path: Any = None, *, filename: str = ".env", **_options: Any) -> Secret:
        """The variables of a file, which is looked for from `path`, or the current folder, upwards."""
        return cls(read_dotenv(None if path is None else str(path), filename))

    @classmethod
    def from_local_environ(cls, env_keys: list[str]) -> Secret:
        """Variables of the engine's own environment, which containers have anyway. Raises InvalidError for one that is not there."""
        missing = [name for name in env_keys if name not in os.environ]
        if missing and not in_container():
            raise InvalidError(
                f"The environment has no variable {missing[0]}; set it where the engine is started, and start that again."
            )
        return cls({name: os.environ[name] for name in env_keys if name in os.environ})


class _Imports:
    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: Any, error: Any, _traceback: Any) -> bool:
        if not isinstance(error, ImportError):
            return False
        print(f"{error}: this interpreter ({sys.executable}) lacks what the image would have.", file=sys.stderr)
        return True
