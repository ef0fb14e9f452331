"""Which runner a function needs. Each is imported when it is the one: a plain function has no use for asyncio."""

from __future__ import annotations

from typing import Any

from spawnpoint.worker.batch import takes_batches
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner


def create_runner(function: dict[str, Any], outputs: Outputs) -> Runner:
    """`function` is what the `start` frame says of it."""
    batches = takes_batches(function)
    slots = (function.get("options") or {}).get("max_concurrent_inputs") or 1
    if slots > 1:
        from spawnpoint.worker.concurrent_runner import ConcurrentRunner

        return ConcurrentRunner(outputs, batches, slots)
    if function["is_async"] and function.get("cls"):
        from spawnpoint.worker.mixed_runner import MixedRunner

        return MixedRunner(outputs, batches)
    if function["is_async"]:
        from spawnpoint.worker.async_runner import AsyncRunner

        return AsyncRunner(outputs, batches)
    from spawnpoint.worker.sync_runner import SyncRunner

    return SyncRunner(outputs, batches)
