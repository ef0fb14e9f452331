"""Modal's experimental functions: none of them is supported."""

from __future__ import annotations

from modal.exception import UnimplementedError


def __getattr__(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    raise UnimplementedError(
        f"`modal.experimental.{name}` is not supported by the local engine; use Modal's cloud for it."
    )
