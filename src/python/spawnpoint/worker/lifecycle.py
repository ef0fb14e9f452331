"""The hooks of a class: what runs before the first input and after the last."""

from __future__ import annotations

import sys
from typing import Any, Callable

from spawnpoint.failures import format_traceback
from spawnpoint.worker.runner import Runner
from spawnpoint.worker.user_code import UserCode


def run_enter_hooks(code: UserCode, runner: Runner) -> None:
    """What a hook raises passes through: without it the instance is not ready."""
    for hook in code.enter_hooks:
        runner.complete(hook())


def run_exit_hooks(code: UserCode, runner: Runner) -> None:
    """What a hook raises is printed: it is too late for anything else."""
    for hook in code.exit_hooks:
        try:
            runner.complete(hook(*_exit_arguments(hook)))
        except BaseException as error:
            print(format_traceback(error), end="", file=sys.stderr)


def _exit_arguments(hook: Callable[..., Any]) -> tuple[None, ...]:
    """Older code takes the three arguments of `__exit__`, which Modal fills with None."""
    code = getattr(getattr(hook, "__func__", None), "__code__", None)
    return (None, None, None) if code is not None and code.co_argcount > 1 else ()
