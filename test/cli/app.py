import time

import modal

app = modal.App("cli-demo")


@app.function()
def square(x):
    print("squaring", x)
    return x * x


@app.function()
def echo(*args, **kwargs):
    return [list(args), kwargs]


@app.function()
def fail_odd(x):
    if x % 2:
        raise ValueError(f"{x} is odd")
    return x


@app.function()
def nap(seconds):
    time.sleep(seconds)


@app.function()
def fan(n):
    return sum(square.map(range(n)))


@app.function()
def count(n, fails=False):
    yield from range(n)
    if fails:
        raise ValueError("the end")


@app.function()
def ticks():
    while True:
        yield "tick"
        time.sleep(0.01)


@app.function()
def big(size):
    return bytes(size)
