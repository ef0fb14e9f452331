"""The local engine as a stand-in for Modal in tests: `local_engine` for any of them, `spawnpoint_testing.plugin` for pytest.

Where the interpreter lacks Modal's own package, importing this makes the engine's stand-in `modal` importable.
"""

from spawnpoint_testing.local_engine import EngineError, LocalEngine, local_engine
from spawnpoint_testing.stand_in import make_importable

__all__ = ["EngineError", "LocalEngine", "local_engine"]

make_importable()
