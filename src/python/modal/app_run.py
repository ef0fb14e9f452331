"""An app that runs without being deployed, as long as a `with` block."""

from __future__ import annotations

from typing import Any, Optional

from modal.app import App, path_of
from modal.dual import Request, Steps, run, run_async
from modal.exception import ExecutionError
from spawnpoint.context import engine_channel, in_container



class AppRun:
    """What `App.run` makes, for `with` and `async with`. Calls of the app's functions go to this run inside of the block."""

    def __init__(
        self, app: App, *, detach: bool, environment_name: Optional[str] = None, path: Optional[str] = None
    ) -> None:
        self._app = app
        self._detach = detach
        self._environment_name = environment_name
        self._path = path

    def __enter__(self) -> App:
        _check_place()
        return run(self._start())

    def __exit__(self, *_error: Any) -> None:
        run(self._end())

    async def __aenter__(self) -> App:
        _check_place()
        return await run_async(self._start())

    async def __aexit__(self, *_error: Any) -> None:
        await run_async(self._end())

    def _start(self) -> Steps:
        params = {
            "path": self._path or path_of(self._app),
            "app": self._app.name or "",
            "detach": self._detach,
            "environment": self._environment_name or "",
        }
        reply = yield Request("start_run", params)
        self._app.take_name(reply.value["name"])
        self._app.began(reply.value["app_id"])
        return self._app

    def _end(self) -> Steps:
        app_id = self._app.app_id
        self._app.began(None)
        yield Request("end_run", {"app_id": app_id})


def _check_place() -> None:
    if in_container() or engine_channel() is None:
        raise ExecutionError(
            "`app.run()` works in a script that `spawnpoint python` runs, and only there; "
            'put it below `if __name__ == "__main__":`.'
        )
