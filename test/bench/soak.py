"""The functions of `npm run bench -- soak`: a bit of everything."""

import time
from collections.abc import Iterator

import modal

app = modal.App("soak")


@app.function()
def square(x: int) -> int:
    return x * x


@app.function()
def fail(text: str) -> None:
    raise ValueError(text)


@app.function()
def nap(seconds: float) -> None:
    time.sleep(seconds)


@app.function()
def say(lines: int) -> None:
    for line in range(lines):
        print("line", line)


@app.function()
def count(n: int) -> Iterator[int]:
    yield from range(n)


@app.function()
def nested(n: int) -> int:
    return sum(square.map(range(n)))


@app.cls(scaledown_window=2)
class Greeter:
    name: str = modal.parameter()

    @modal.method()
    def greet(self) -> str:
        return f"hello {self.name}"
