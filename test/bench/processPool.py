"""The same work through the standard library's ProcessPoolExecutor: a peer that our figures stand beside.

Usage: processPool.py WORKERS. Prints one JSON object: figures by name, in the units of `Work` in work.ts. Then, for each line on stdin,
a number of single calls, prints a line: JSON, the milliseconds of each.
"""

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from statistics import median


def square(x: int) -> int:
    return x * x


def nap(seconds: float) -> None:
    time.sleep(seconds)


def echo(data: bytes) -> bytes:
    return data


def per_second(pool, function, inputs: list) -> float:
    started = time.perf_counter()
    for _ in pool.map(function, inputs):
        pass
    return len(inputs) / (time.perf_counter() - started)


def call_ms(pool, function) -> float:
    started = time.perf_counter()
    pool.submit(function, 7).result()
    return (time.perf_counter() - started) * 1_000


def measure(pool, square=square, nap=nap, echo=echo, rounds: int = 3) -> None:
    """Measures whatever has the methods of an executor. The functions are those that it takes."""
    per_second(pool, square, list(range(200)))
    figures = {
        "map": median(per_second(pool, square, list(range(10_000))) for _ in range(rounds)),
        "nap": per_second(pool, nap, [0.01] * 1_000),
        "echo": per_second(pool, echo, [bytes(1_000_000)] * 100),
    }
    print(json.dumps(figures), flush=True)
    for line in sys.stdin:
        print(json.dumps([call_ms(pool, square) for _ in range(int(line))]), flush=True)


if __name__ == "__main__":
    with ProcessPoolExecutor(int(sys.argv[1])) as pool:
        measure(pool)
