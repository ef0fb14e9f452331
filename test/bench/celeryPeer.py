"""The same work through Celery with Redis: the application that its worker imports, and the measuring beside it.

Usage: celeryPeer.py WORKERS. BENCH_REDIS is the URL of a Redis. Prints what processPool.py prints.
"""

import os
import subprocess
import sys

import processPool
from celery import Celery

app = Celery("celeryPeer", broker=os.environ["BENCH_REDIS"], backend=os.environ["BENCH_REDIS"])
# Bytes have no form in JSON; and four messages ahead, as by default, would make tiny tasks slower.
app.conf.update(
    task_serializer="pickle", result_serializer="pickle", accept_content=["pickle"], worker_prefetch_multiplier=64
)

square = app.task(processPool.square, name="square")
nap = app.task(processPool.nap, name="nap")
echo = app.task(processPool.echo, name="echo")


class CeleryPool:
    """Looks like an executor."""

    def submit(self, task, value):
        return _Future(task.delay(value))

    def map(self, task, values):
        sent = [task.delay(value) for value in values]
        for result in sent:
            yield result.get()


class _Future:
    def __init__(self, sent) -> None:
        self._sent = sent

    def result(self):
        return self._sent.get()


if __name__ == "__main__":
    command = [sys.executable, "-m", "celery", "-A", "celeryPeer", "worker", "-P", "prefork"]
    worker = subprocess.Popen(
        [*command, "-c", sys.argv[1], "--without-gossip", "--without-mingle", "-l", "ERROR"],
        cwd=os.path.dirname(os.path.abspath(__file__)),
        stdout=subprocess.DEVNULL,
    )
    try:
        import celeryPeer  # The module that the worker has: this one is called __main__ here.

        processPool.measure(celeryPeer.CeleryPool(), celeryPeer.square, celeryPeer.nap, celeryPeer.echo, rounds=1)
    finally:
        worker.terminate()
        worker.wait()
