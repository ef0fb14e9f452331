"""What Modal's own client deploys in `session.test.ts`, and either kind of container runs."""

import asyncio
import os
import sys
import time

import modal

app = modal.App("official")

VERSION = "first"


@app.function()
def runtime():
    """Which of them runs it: ours has its package imported."""
    return "built-in" if "spawnpoint" in sys.modules else "modal"


@app.function()
def version():
    return VERSION


@app.function()
def square(x):
    return x * x


@app.function()
def say(word):
    print("saying", word)


@app.function()
def count(n):
    for number in range(n):
        yield number


@app.function()
def boom():
    raise ValueError("boom")


@app.function(retries=modal.Retries(max_retries=2, initial_delay=0.0))
def third_time(path):
    with open(path, "a") as file:
        file.write(".")
    tries = os.path.getsize(path)
    if tries < 3:
        raise RuntimeError(f"try {tries}")
    return tries


@app.function()
def wait_for(path):
    with open(path + ".begun", "w"):
        pass
    while not os.path.exists(path):
        time.sleep(0.05)


@app.function()
def squares(n):
    return square.remote(n), list(square.map(range(n)))


@app.function()
@modal.batched(max_batch_size=4, wait_ms=200)
def doubled(xs):
    return [2 * x for x in xs]


@app.function()
@modal.concurrent(max_inputs=4)
async def later(x):
    await asyncio.sleep(0.1)
    return x


@app.function(max_containers=1)
def die_once(path):
    if not os.path.exists(path):
        with open(path, "w"):
            pass
        os._exit(7)
    return "alive"


@app.function(secrets=[modal.Secret.from_dict({"OFFICIAL_WORD": "secret"})])
def variable():
    return os.environ["OFFICIAL_WORD"]


@app.cls()
class Counter:
    start: int = modal.parameter(default=1)

    @modal.enter()
    def begin(self):
        self.value = self.start

    @modal.method()
    def add(self, n):
        self.value += n
        return self.value

    @modal.method()
    def upto(self, n):
        for number in range(n):
            yield self.start + number


@app.local_entrypoint()
def main(x: int):
    print("entrypoint:", square.remote(x))
