"""The functions that `npm run bench` measures."""

import os
import time
from collections.abc import Iterator

import modal

app = modal.App("bench")


@app.function()
def square(x: int) -> int:
    return x * x


@app.function()
def nap(seconds: float) -> None:
    time.sleep(seconds)


@app.function()
def until_open(gate: str) -> None:
    while not os.path.exists(gate):
        time.sleep(0.01)


@app.function()
def echo(data: bytes) -> bytes:
    return data


@app.function()
def count(n: int) -> Iterator[int]:
    yield from range(n)
