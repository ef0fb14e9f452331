"""For pytest: the fixture `modal_engine`, and what functions printed in the report of a test that fails.

A `conftest.py` has it by `pytest_plugins = ["spawnpoint_testing.plugin"]`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Any, Optional

import pytest
from spawnpoint_testing.local_engine import EngineError, LocalEngine, local_engine

_SCOPE = "modal_engine_scope"
_DEPLOY = "modal_deploy"
_engine = pytest.StashKey[LocalEngine]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What an ini file may say."""
    parser.addini(_DEPLOY, "Python files whose apps are deployed on the engine of the fixture modal_engine", "paths")
    parser.addini(_SCOPE, "how long an engine lives: session, package, module, class or function", default="session")


def _scope(fixture_name: str, config: pytest.Config) -> Any:
    return config.getini(_SCOPE)


@pytest.fixture(scope=_scope)
def modal_engine(pytestconfig: pytest.Config) -> Iterator[LocalEngine]:
    """A local engine, which every Modal client of the tests and of their programs uses."""
    with local_engine(deploy=pytestconfig.getini(_DEPLOY)) as engine:
        pytestconfig.stash[_engine] = engine
        yield engine
        del pytestconfig.stash[_engine]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Adds to the report of a failure what functions printed meanwhile."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    engine = item.config.stash.get(_engine, None)
    if engine is not None and report.failed:
        printed = _printed(engine, datetime.fromtimestamp(call.start))
        if printed:
            report.sections.append(("What functions printed", printed))


def _printed(engine: LocalEngine, since: datetime) -> Optional[str]:
    try:
        return engine.logs(since)
    except EngineError as error:
        return f"{error}"
