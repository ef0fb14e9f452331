"""The functions of `npm run soak`: each way in which Modal calls one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import modal

app = modal.App("soak")


@app.function(max_containers=2)
def square(x: int) -> int:
    return x * x


@app.function(max_containers=2)
def echo(data: bytes) -> bytes:
    return data


@app.function(max_containers=2)
def count(n: int) -> Iterator[int]:
    for i in range(n):
        time.sleep(0.001)
        yield i


@app.function(max_containers=1)
def fail(text: str) -> None:
    raise ValueError(text)


@app.function(max_containers=1, retries=modal.Retries(max_retries=2, initial_delay=0.0))
def stumble(path: str) -> str:
    """Fails when it has not been here before."""
    if not os.path.exists(path):
        with open(path, "w"):
            raise OSError("once")
    return path


@app.function(max_containers=2)
def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@app.function(max_containers=2)
def nested(n: int) -> int:
    return sum(square.map(range(n)))


@app.function(max_containers=1)
@modal.concurrent(max_inputs=4)
def beside(x: int) -> int:
    time.sleep(0.005)
    print("beside", x)
    return x + 1


@app.function(max_containers=1)
@modal.batched(max_batch_size=8, wait_ms=5)
def doubled(xs: list[int]) -> list[int]:
    return [x * 2 for x in xs]


@app.cls(max_containers=1, scaledown_window=2)
class Greeter:
    name: str = modal.parameter()

    @modal.method()
    def greet(self, times: int) -> str:
        return f"hello {self.name}" * times
