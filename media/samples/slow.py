"""A function that takes its time, to watch and to cancel."""

import time

import modal

app = modal.App("slow")


@app.function(timeout=3600)
def find_primes(seconds: float = 60.0) -> "dict[str, float]":
    """Looks for primes until the time is over, and prints each second how far it has come."""
    started_at = time.monotonic()
    next_report_s = 1.0
    primes = [2]
    candidate = 3
    while (elapsed_s := time.monotonic() - started_at) < seconds:
        if elapsed_s >= next_report_s:
            print(f"{elapsed_s:3.0f} of {seconds:g} s: {len(primes)} primes, the last one is {primes[-1]}")
            next_report_s += 1.0
        if is_prime(candidate, primes):
            primes.append(candidate)
        candidate += 2
    return {"primes": len(primes), "last": primes[-1], "seconds": round(elapsed_s, 1)}


def is_prime(candidate: int, smaller_primes: "list[int]") -> bool:
    """Divides by every smaller prime up to the square root."""
    for prime in smaller_primes:
        if prime * prime > candidate:
            return True
        if candidate % prime == 0:
            return False
    return True


@app.function()
def nap(seconds: float = 1.0) -> float:
    """Sleeps. Map it over some numbers to see inputs wait, run and finish."""
    print(f"sleeping for {seconds:g} s")
    time.sleep(seconds)
    return seconds
