import modal

app = modal.App("calls")


@app.function()
def add(a, b=1):
    return a + b


@app.function()
def count(n):
    yield from range(n)


@app.function()
def inside():
    call = add.spawn(2)
    return {
        "local": modal.is_local(),
        "ids": [modal.current_input_id()[:3], modal.current_function_call_id()[:3]],
        "calls": [call.get(), add.remote(1), add.local(5), list(add.map([1])), list(count.remote_gen(2))],
    }


@app.function()
def endless():
    import time

    time.sleep(600)


@app.local_entrypoint()
def main():
    assert modal.is_local() and modal.current_input_id() is None
    assert [add.remote(1), add.remote(1, b=5), add.local(2)] == [2, 6, 3]
    assert list(add.map([1, 2], [3, 4])) == [4, 6]
    assert list(add.map([1], kwargs={"b": 9})) == [10]
    assert list(add.starmap([(1, 2), (3, 4)])) == [3, 7]
    assert sorted(add.map(range(20), order_outputs=False)) == list(range(1, 21))
    assert add.for_each([1, 2]) is None
    results = list(add.map([1, "x", 3], return_exceptions=True))
    assert results[::2] == [2, 4] and isinstance(results[1], TypeError)
    assert list(count.remote_gen(3)) == [0, 1, 2]
    assert inside.remote() == {"local": False, "ids": ["in-", "fc-"], "calls": [3, 2, 6, [2], [0, 1]]}

    call = add.spawn(7)
    assert modal.FunctionCall.from_id(call.object_id).get() == call.get() == 8
    assert modal.FunctionCall.gather(call, add.spawn(1)) == [8, 2]
    assert [info.function_name for info in call.get_call_graph()] == ["add"]
    many = add.spawn_map([1, 2, 3])
    assert (many.num_inputs(), list(many.iter()), list(many.iter(start=1, end=2))) == (3, [2, 3, 4], [3])

    waiting = endless.spawn()
    try:
        waiting.get(timeout=0.1)
        raise AssertionError("it does not end")
    except TimeoutError:
        waiting.cancel()
    try:
        waiting.get()
        raise AssertionError("it was cancelled")
    except modal.Error as error:
        assert "cancelled" in str(error), error
    print("ok")
