"""What a template does: forks containers when the engine asks for them, and tells how they end."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from typing import Any

from spawnpoint.fork.own_fork import own_fork
from spawnpoint.fork.preload import preload

_STDOUT, _STDERR = 1, 2
_NAME_FILE = "/proc/self/comm"
# For `ps`; the system cuts names after 15 bytes.
_NAME = "spawnpoint-tmpl"
_SPARE_NAME = "spawnpoint-next"


class Nursery:
    """Has no threads. Lives until the engine closes the connection, or is gone."""

    def __init__(self, socket_path: str, token: str, pipes: list[int], functions: list[dict[str, Any]]) -> None:
        """`pipes` are the descriptors of its containers' frames, the same numbers as in the first one.

        `functions` are the definitions of what its containers may be for.
        """
        self._socket_path = socket_path
        self._pipes = pipes
        self._functions = functions
        self._engine = self._connect({"token": token, "stream": "template"})
        self._tokens: dict[int, str] = {}
        self._woken, self._wake = os.pipe()
        self._own_name = _read(_NAME_FILE)

    def run(self) -> None:
        """Returns in every new container, and only there."""
        _rename(_NAME)
        self._close_pipes()
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        preload(self._functions)
        # What is there stays where it is: the collector would touch, and so copy, the memory that all containers share.
        gc.freeze()
        self._serve()

    def _serve(self) -> None:
        poll = select.poll()
        poll.register(self._engine, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        unread = b""
        while True:
            for fd, _ in poll.poll():
                if fd == self._woken:
                    os.read(self._woken, 4096)
                    self._reap()
                    continue
                data = self._engine.recv(4096)
                if not data:
                    os._exit(0)
                *lines, unread = (unread + data).split(b"\n")
                for line in lines:
                    if self._fork(json.loads(line)["fork"]):
                        return

    def _fork(self, token: str) -> bool:
        """True in the new container."""
        try:
            pid = own_fork()
        except OSError as error:
            self._tell({"token": token, "failed": str(error)})
            return False
        if pid:
            self._tokens[pid] = token
            return False
        self._become_container(token)
        return True

    def _reap(self) -> None:
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            pid = ended.si_pid
            # What user code started ends with its container. Until it is waited for, nobody else gets its number.
            _kill_group(pid)
            os.waitpid(pid, 0)
            by_signal = ended.si_code != os.CLD_EXITED
            self._tell({"token": self._tokens.pop(pid, ""), "signal" if by_signal else "code": ended.si_status})

    def _become_container(self, token: str) -> None:
        """Returns when the engine has a use for it, or is gone."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._engine.close()
        os.close(self._woken)
        os.close(self._wake)
        _rename(_SPARE_NAME)
        from_engine, to_engine = self._pipes
        streams = {"stdout": _STDOUT, "stderr": _STDERR, "from-engine": from_engine, "to-engine": to_engine}
        for stream, fd in streams.items():
            with self._connect({"token": token, "stream": stream, "pid": os.getpid()}) as connection:
                os.dup2(connection.fileno(), fd, inheritable=fd <= _STDERR)
        _reseed()
        start = select.poll()
        start.register(self._pipes[0], select.POLLIN)
        start.poll()
        _rename(self._own_name)

    def _connect(self, hello: dict[str, Any]) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(self._socket_path)
        connection.sendall(json.dumps(hello).encode() + b"\n")
        return connection

    def _tell(self, message: dict[str, Any]) -> None:
        self._engine.sendall(json.dumps(message).encode() + b"\n")

    def _close_pipes(self) -> None:
        """Leaves the first container's pipes to it alone; their numbers stay taken."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in (_STDOUT, _STDERR, *self._pipes):
            os.dup2(nothing, fd, inheritable=fd <= _STDERR)
        os.close(nothing)


def _reseed() -> None:
    """Containers must not draw the same numbers. Python's own generator starts anew in each fork; numpy's does not."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass  # Nobody is left in it.


def _rename(name: str) -> None:
    try:
        with open(_NAME_FILE, "w", encoding="utf-8") as file:
            file.write(name)
    except OSError:
        pass  # Only for whoever looks at the list of processes.


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().strip()
