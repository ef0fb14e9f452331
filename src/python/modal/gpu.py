"""GPU types of older files: `modal.gpu.A100(count=2)`. Without effect."""

from __future__ import annotations

from typing import Any, Callable


def __getattr__(name: str) -> Callable[..., str]:
    if name.startswith("__"):
        raise AttributeError(name)

    def request(*_args: Any, **_kwargs: Any) -> str:
        return name

    return request
