"""An engine for the length of a `with` block."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory
from typing import Optional, Union

from spawnpoint_testing import stand_in

StrPath = Union[str, "os.PathLike[str]"]

# `dist/python/testing/spawnpoint_testing/local_engine.py` is shipped with `dist/cli.cjs`.
_COMMAND_LINE = Path(__file__).resolve().parents[3] / "cli.cjs"


class EngineError(Exception):
    """The engine could not be started, or refused what it was asked for: one sentence that says why."""


class LocalEngine:
    """An engine that runs. Made by `local_engine`."""

    #: Where any Modal client finds it: the variables that are set inside of the block.
    variables: dict[str, str]

    def __init__(self, variables: dict[str, str], data_folder: str, python: str) -> None:
        self.variables = variables
        self._data_folder = data_folder
        self._python = python

    @property
    def url(self) -> str:
        """E.g. `http://127.0.0.1:41234`."""
        return self.variables["MODAL_SERVER_URL"]

    def deploy(self, file: StrPath) -> None:
        """Deploys every app in a Python file. Raises EngineError for a file that is at fault."""
        self._spawnpoint("deploy", os.fspath(file), "--python", self._python)

    def logs(self, since: Optional[datetime] = None) -> str:
        """The last that functions have printed, and at most 100 entries an app, from a moment on or of the last hours."""
        span = [] if since is None else ["--since", since.astimezone(timezone.utc).isoformat()]
        return self._spawnpoint("logs", *span)

    def _spawnpoint(self, command: str, *args: str) -> str:
        environment = ["--environment", self.variables["MODAL_ENVIRONMENT"]]
        whole = [*_spawnpoint(command), "--data", self._data_folder, *environment, *args]
        ended = subprocess.run(whole, stdin=subprocess.DEVNULL, stdout=PIPE, stderr=PIPE, encoding="utf-8", check=False)
        if ended.returncode != 0:
            raise EngineError(ended.stderr.strip())
        return ended.stdout


@contextmanager
def local_engine(
    *,
    deploy: Sequence[StrPath] = (),
    data_folder: Optional[StrPath] = None,
    environment: str = "main",
    python: str = sys.executable,
) -> Iterator[LocalEngine]:
    """Runs an engine, and has every Modal client of this process and its children use it inside of the block.

    Nothing of it is left afterwards, also when this process is killed, except a `data_folder` that is given.

    deploy: Python files whose apps are deployed first.
    python: the interpreter that containers run with.

    Raises EngineError when the engine cannot be started, or a file cannot be deployed.
    """
    with ExitStack() as stack:
        folder = os.fspath(data_folder) if data_folder is not None else stack.enter_context(_temporary_folder())
        address = stack.enter_context(_running(folder))
        variables = {
            "MODAL_SERVER_URL": address["url"],
            "MODAL_TOKEN_ID": address["tokenId"],
            "MODAL_TOKEN_SECRET": address["tokenSecret"],
            "MODAL_ENVIRONMENT": environment,
            "SPAWNPOINT_HOME": folder,
        }
        stack.enter_context(_set(variables))
        _forget_client()
        stack.callback(_forget_client)
        engine = LocalEngine(variables, folder, python)
        for file in deploy:
            engine.deploy(file)
        if stand_in.is_used():
            place = ["--data", folder, "--environment", environment]
            stack.enter_context(stand_in.joined([*_spawnpoint("ask"), *place, "--python", python]))
        yield engine


def _spawnpoint(command: str) -> list[str]:
    node = shutil.which("node")
    if node is None:
        raise EngineError("The engine runs with Node, which is not on PATH; install Node 22.13 or newer.")
    return [node, str(_COMMAND_LINE), command]


def _temporary_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="spawnpoint-test-")


@contextmanager
def _running(folder: str) -> Iterator[dict[str, str]]:
    """An engine that ends when the pipe to its standard input is closed, and so with this process. Yields its address."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    command = [*_spawnpoint("serve"), "--data", folder, "--end-with-stdin", "--json"]
    with open(os.path.join(folder, "engine.log"), "a+", encoding="utf-8") as log:
        begin = log.tell()
        # In a session of its own, so that Ctrl-C leaves it alive while tests tidy up.
        process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=log, start_new_session=True)
        with process:
            assert process.stdin is not None and process.stdout is not None
            ready = process.stdout.readline()
            if not ready:
                process.wait()
                log.seek(begin)
                raise EngineError(log.read().strip() or f"The engine ended with exit code {process.returncode}.")
            try:
                yield json.loads(ready)
            finally:
                process.stdin.close()
                process.wait()


def _forget_client() -> None:
    """Modal's own package makes its client once: one for another server must not be used here, nor this one elsewhere."""
    client = sys.modules.get("modal.client")
    if client is not None:
        client.Client.set_env_client(None)


@contextmanager
def _set(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
