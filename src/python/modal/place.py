"""Where functions and classes are looked up."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from modal.exception import ExecutionError, InvalidError


class Place(NamedTuple):
    """An app, known by its name. Without an environment in that of the code that asks, without a version at the live one."""

    name: str
    environment: str = ""
    version: int = 0

    @property
    def params(self) -> dict[str, Any]:
        """What requests say of it."""
        named: dict[str, Any] = {"app": self.name}
        if self.environment:
            named["environment"] = self.environment
        if self.version:
            named["version"] = self.version
        return named


def read_place(app_name: str, environment_name: Optional[str], version: Optional[int]) -> Place:
    """What `from_name` is given. Raises InvalidError for what is no version."""
    if version is not None and (isinstance(version, bool) or not isinstance(version, int) or version < 1):
        raise InvalidError(f"`version` takes the number of a version, from 1, not {version!r}.")
    return Place(app_name, environment_name or "", version or 0)


def place_of(app: Any, what: str) -> Place:
    """Of an App or a place. Raises ExecutionError for the App without a name, which cannot be deployed; `what` belongs to it."""
    if isinstance(app, Place):
        return app
    if not app.name:
        raise ExecutionError(f'{what} belongs to an App without a name; write `modal.App("my-app")`.')
    return Place(str(app.name))
