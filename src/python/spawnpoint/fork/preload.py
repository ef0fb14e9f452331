"""Imports that a template does once, so that its containers need not."""

from __future__ import annotations

from typing import Any

from spawnpoint.worker.runners import runner_for


def preload(functions: list[dict[str, Any]]) -> None:
    """Imports what containers of these functions, as the snapshot defines them, need besides user code."""
    from spawnpoint import cbor, pickles  # noqa: F401

    for function in functions:
        runner_for(function)
