"""Calls everything of `app.py` with Modal's own client, and prints what came of it as JSON."""

import json
import os
import sys
import time

import modal


def called(name):
    return modal.Function.from_name("official", name)


def raised(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


def cancelled(path):
    call = called("wait_for").spawn(path)
    while not os.path.exists(path + ".begun"):
        time.sleep(0.05)
    call.cancel()
    return raised(call.get)


def main(folder):
    Counter = modal.Cls.from_name("official", "Counter")
    results = {
        "remote": called("square").remote(7),
        "spawned": called("square").spawn(8).get(),
        "map": sum(called("square").map(range(1000))),
        "starmap": list(called("square").starmap([(1,), (2,)])),
        "generator": list(called("count").remote_gen(5)),
        "exception": raised(called("boom").remote),
        "exceptions": [repr(one) for one in called("boom").starmap([(), ()], return_exceptions=True)],
        "retries": called("third_time").remote(os.path.join(folder, "tries")),
        "cancelled": cancelled(os.path.join(folder, "never")),
        "nested": called("squares").remote(5),
        "batched": list(called("doubled").map(range(6))),
        "concurrent": list(called("later").map(range(8))),
        "survived": called("die_once").remote(os.path.join(folder, "died")),
        "secret": called("variable").remote(),
        "class": Counter().add.remote(2),
        "parameter": Counter(start=40).add.remote(2),
        "method generator": list(Counter(start=3).upto.remote_gen(3)),
    }
    print(json.dumps(results))


main(sys.argv[1])
