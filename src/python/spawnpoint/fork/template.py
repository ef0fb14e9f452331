"""The template: left behind by the first container of a version when it has imported user code, and before it runs any."""

from __future__ import annotations

import os
from typing import Any, NoReturn

from spawnpoint.fork.footprint import Footprint, native_thread_obstacle
from spawnpoint.fork.own_fork import own_fork


class Obstacle(Exception):
    """Why there is no template, as the end of a sentence."""


def leave_template(
    offer: dict[str, str], before: Footprint, pipes: list[int], functions: list[dict[str, Any]]
) -> bool:
    """Returns False here, and, whenever the engine asks the template for one, True in a new container.

    `offer` has the path of the engine's `socket` and the `token` for it. `before` was taken before the import.
    `pipes` are the descriptors on which a container hears from the engine and speaks to it, `functions` the definitions of
    what containers may be for.
    Raises Obstacle.
    """
    obstacle = before.obstacle()
    if obstacle is not None:
        raise Obstacle(obstacle)
    may_go_on, go_on = os.pipe()
    try:
        helper = own_fork()
    except OSError as error:
        raise Obstacle(f"the system refused a process ({error})") from error
    if helper == 0:
        os.close(go_on)
        return _detach(offer, pipes, functions, may_go_on)
    os.close(may_go_on)
    obstacle = native_thread_obstacle()
    if obstacle is None:
        os.write(go_on, b"y")
    os.close(go_on)
    os.waitpid(helper, 0)
    if obstacle is not None:
        raise Obstacle(obstacle)
    return False


def _detach(offer: dict[str, str], pipes: list[int], functions: list[dict[str, Any]], may_go_on: int) -> bool:
    """Forks once more: the template is not a child of the container, whose code may wait for all of its children."""
    try:
        # Ending the container's process group must not end the template.
        os.setsid()
        answer = os.read(may_go_on, 1)
        os.close(may_go_on)
        if not answer or own_fork() != 0:
            os._exit(0)
        from spawnpoint.fork.nursery import Nursery

        Nursery(offer["socket"], offer["token"], pipes, functions).run()
    except BaseException:
        _end()
    # A new container, which goes on where the first one was.
    return True


def _end() -> NoReturn:
    os._exit(1)
