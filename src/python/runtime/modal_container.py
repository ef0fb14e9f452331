"""Starts Modal's own container runtime in the user's interpreter, and ends it when the engine is gone.

Descriptor 3 is a pipe whose other end the engine holds. Nothing is written to it: it ends when the engine does, however that happens.
"""

import os
import runpy
import signal
import sys
import threading

ENGINE = 3


def end_with_engine() -> None:
    """Waits for the end of the engine, and ends every process of this container."""
    try:
        while os.read(ENGINE, 1):
            pass
    except OSError:
        return  # User code has closed the descriptor.
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    os.set_inheritable(ENGINE, False)
    threading.Thread(target=end_with_engine, daemon=True).start()
    # The runtime cancels by this signal, which a process started in the background of a shell would ignore.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path[0] = os.getcwd()  # As with `python -m`, and not our folder.
    runpy.run_module("modal._container_entrypoint", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
