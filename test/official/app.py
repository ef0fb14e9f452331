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


class Refused(Exception):
    pass


@app.function()
def refuse(word):
    try:
        raise KeyError(word)
    except KeyError as error:
        raise Refused(word) from error


@app.function()
def leave():
    sys.exit(3)


@app.function(timeout=1, startup_timeout=300)
def never():
    time.sleep(600)


@app.function()
def echo(value):
    return value


@app.function()
async def countdown(n):
    for number in range(n, 0, -1):
        yield number


@app.function()
def surroundings():
    names = [modal.current_input_id(), modal.current_function_call_id()]
    return modal.is_local(), [name[:3] for name in names if name]


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
    found = modal.Function.from_name("official", "square")
    return square.remote(n), list(square.map(range(n))), square.spawn(n + 1).get(), found.remote(n + 2)


@app.function()
def listen():
    with modal.forward(8000) as tunnel:
        return tunnel.url


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
@modal.concurrent(max_inputs=2)
async def wait_for_one(path):
    with open(path + ".begun", "w"):
        pass
    while not os.path.exists(path):
        await asyncio.sleep(0.05)
    return "found"


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


@app.function()
@modal.asgi_app()
def site():
    async def answer(scope, receive, send):
        if scope["type"] != "http":
            raise NotImplementedError
        event = await receive()
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode() + event["body"]})

    return answer


@app.cls()
class Counter:
    start: int = modal.parameter(default=1)

    @modal.enter()
    def begin(self):
        self.value = self.start

    @modal.exit()
    def end(self):
        print("the counter ends at", self.value)

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
