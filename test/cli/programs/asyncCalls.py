import asyncio

import modal

app = modal.App("async-calls")


@app.function()
async def add(a, b=1):
    await asyncio.sleep(0)
    return a + b


@app.function()
async def count(n):
    for number in range(n):
        yield number


@app.local_entrypoint()
async def main():
    assert await add.remote.aio(1) == 2
    assert await asyncio.gather(*[add.remote.aio(number) for number in range(5)]) == [1, 2, 3, 4, 5]
    assert [value async for value in add.map.aio([1, 2])] == [2, 3]
    assert [value async for value in add.starmap.aio([(1, 2)])] == [3]
    assert await add.for_each.aio([1]) is None
    assert [value async for value in count.remote_gen.aio(2)] == [0, 1]
    assert await add.local(1) == 2
    call = await add.spawn.aio(3)
    assert await call.get.aio() == 4
    assert await modal.FunctionCall.gather.aio(call, call) == [4, 4]
    many = await add.spawn_map.aio([1, 2])
    assert await many.get.aio(index=1) == 3
    print("ok")
