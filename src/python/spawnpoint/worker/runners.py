"""Which runner a function needs. Each is imported when it is the one: a plain function has no use for asyncio."""

from __future__ import annotations

from typing import Any, Callable

from spawnpoint.worker.batch import takes_batches
from spawnpoint.worker.outputs import Outputs
from spawnpoint.worker.runner import Runner


MakeRunner = Callable[[Outputs], Runner]


def runner_for(function: dict[str, Any]) -> MakeRunner:
    """Imports the runner of a function, and returns what makes it. `function` is what the `start` frame says of it."""
    batches = takes_batches(function)
    slots = (function.get("options") or {}).get("max_concurrent_inputs") or 1
    if slots > 1:
        from spawnpoint.worker.concurrent_runner import ConcurrentRunner

        return lambda outputs: ConcurrentRunner(outputs, batches, slots)
    if function["is_async"] and function.get("cls"):
        from spawnpoint.worker.mixed_runner import MixedRunner

        return lambda outputs: MixedRunner(outputs, batches)
    if function["is_async"]:
        from spawnpoint.worker.async_runner import AsyncRunner

        return lambda outputs: AsyncRunner(outputs, batches)
    from spawnpoint.worker.sync_runner import SyncRunner

    return lambda outputs: SyncRunner(outputs, batches)
