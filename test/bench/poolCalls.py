"""Single calls through the standard library's ProcessPoolExecutor, a few whenever somebody asks for them.

Usage: poolCalls.py WORKERS. For each line on stdin, a number of calls, prints a line: JSON, the milliseconds of each.
"""

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def square(x: int) -> int:
    return x * x


def call_ms(pool: ProcessPoolExecutor) -> float:
    started = time.perf_counter()
    pool.submit(square, 7).result()
    return (time.perf_counter() - started) * 1_000


if __name__ == "__main__":
    with ProcessPoolExecutor(int(sys.argv[1])) as pool:
        for line in sys.stdin:
            print(json.dumps([call_ms(pool) for _ in range(int(line))]), flush=True)
