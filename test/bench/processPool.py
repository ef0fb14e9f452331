"""The same work through the standard library's ProcessPoolExecutor: the peer that our figures stand beside.

Usage: processPool.py WORKERS. Prints one JSON object: figures by name, in the units of bench.ts.
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


def per_second(pool: ProcessPoolExecutor, function, inputs: list) -> float:
    started = time.perf_counter()
    for _ in pool.map(function, inputs):
        pass
    return len(inputs) / (time.perf_counter() - started)


if __name__ == "__main__":
    with ProcessPoolExecutor(int(sys.argv[1])) as pool:
        per_second(pool, square, list(range(200)))
        print(
            json.dumps(
                {
                    "map": median(per_second(pool, square, list(range(10_000))) for _ in range(3)),
                    "nap": per_second(pool, nap, [0.01] * 200),
                    "echo": per_second(pool, echo, [bytes(1_000_000)] * 100),
                }
            )
        )
