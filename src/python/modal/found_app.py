"""An app that was found by its name: `App.lookup`."""

from __future__ import annotations

from typing import Any, NoReturn, Optional

from modal.app import App
from modal.dual import Request, Steps, run, run_async
from modal.exception import InvalidError
from spawnpoint.context import engine_channel


class FoundApp(App):
    """A handle on what is deployed. It takes no functions: those are in the file that it was deployed from."""

    def __init__(self, name: str, app_id: Optional[str]) -> None:
        super().__init__(name)
        self._app_id = app_id

    def is_defined_here(self) -> bool:
        return False

    def function(self, *_args: Any, **_options: Any) -> NoReturn:
        self._refuse("@app.function()")

    def cls(self, *_args: Any, **_options: Any) -> NoReturn:
        self._refuse("@app.cls()")

    def local_entrypoint(self, *_args: Any, **_options: Any) -> NoReturn:
        self._refuse("@app.local_entrypoint()")

    def _refuse(self, use: str) -> NoReturn:
        raise InvalidError(f"`{use}` needs an App of this file; make it with `modal.App({self.name!r})`, not with `lookup`.")


class Lookup:
    """`App.lookup(name)`, and `await App.lookup.aio(name)`. While a file is described nobody is asked yet."""

    def __call__(self, name: str, **options: Any) -> App:
        return FoundApp(name, None) if engine_channel() is None else run(_look_up(name, **options))

    async def aio(self, name: str, **options: Any) -> App:
        return FoundApp(name, None) if engine_channel() is None else await run_async(_look_up(name, **options))


def _look_up(
    name: str, *, client: Any = None, environment_name: Optional[str] = None, create_if_missing: bool = False
) -> Steps:
    """Raises NotFoundError where there is no such app, unless it is to be made."""
    params = {"name": name, "environment": environment_name or "", "create": create_if_missing}
    reply = yield Request("app", params)
    return FoundApp(name, reply.value["app_id"])
