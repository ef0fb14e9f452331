"""Calls everything of `app.py` with Modal's own client, and prints what came of it as JSON."""

import json
import os
import sys
import time
import urllib.request

import modal


def called(name):
    return modal.Function.from_name("official", name)


def raised(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


def raised_exit(call):
    try:
        call()
    except SystemExit as error:
        return error.code
    return "nothing"


def cancelled(path):
    call = called("wait_for").spawn(path)
    while not os.path.exists(path + ".begun"):
        time.sleep(0.05)
    call.cancel()
    return raised(call.get)


def cancelled_beside(path):
    """One of two inputs that a container runs at a time is cancelled."""
    waits = called("wait_for_one")
    calls = [waits.spawn(path + "1"), waits.spawn(path + "2")]
    while not all(os.path.exists(f"{path}{number}.begun") for number in (1, 2)):
        time.sleep(0.05)
    calls[0].cancel()
    error = raised(calls[0].get).split(":")[0]
    with open(path + "2", "w"):
        pass
    return [error, calls[1].get()]


def requested(name, path, body):
    address = called(name).get_web_url() + path
    with urllib.request.urlopen(address, data=body) as answer:
        return [answer.status, answer.read().decode()]


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
        "own exception": raised(lambda: called("refuse").remote("word")),
        "exit": raised_exit(called("leave").remote),
        "timeout": raised(called("never").remote),
        "2 MB": called("echo").remote(b"x" * 2_200_000) == b"x" * 2_200_000,
        "20 MB": called("echo").remote(b"x" * 20_000_000) == b"x" * 20_000_000,
        "async generator": list(called("countdown").remote_gen(3)),
        "surroundings": called("surroundings").remote(),
        "tunnel": raised(called("listen").remote).split(":")[0],
        "web": requested("site", "/a%20b", b" and a body"),
        "retries": called("third_time").remote(os.path.join(folder, "tries")),
        "cancelled": cancelled(os.path.join(folder, "never")),
        "cancelled beside another": cancelled_beside(os.path.join(folder, "one")),
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
