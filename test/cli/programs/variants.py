import modal

app = modal.App("variants")


@app.function(schedule=modal.Cron("0 9 * * 1"))
def double(x):
    return x * 2


@app.function()
def total(numbers):
    return [sum(numbers)] * len(numbers)


@app.cls()
class Scale:
    factor: int = modal.parameter(default=2)

    @modal.method()
    def times(self, x):
        return x * self.factor


@app.cls()
class Pair:
    def __init__(self, first, second=2, *, third=(3.5,)):
        self.all = [first, second, third]

    @modal.method()
    def get(self):
        return self.all


@app.local_entrypoint()
def main():
    other = double.with_options(max_containers=1, timeout=60)
    assert other.remote(2) == 4
    assert other.object_id != double.hydrate().object_id
    assert list(other.with_concurrency(max_inputs=3).map([1, 2])) == [2, 4]
    assert list(total.with_batching(max_batch_size=2, wait_ms=60_000).map([1, 2])) == [3, 3]
    assert Scale.with_options(max_containers=1)(factor=3).times.remote(2) == 6
    assert modal.Cls.from_name("variants", "Scale")().times.remote(2) == 4
    found = modal.Cls.from_name("variants", "Pair")
    assert found([1], third=None).get.remote() == Pair([1], third=None).get.remote() == [[1], 2, None]
    assert found(first=1, second=2.5).get.remote() == [1, 2.5, (3.5,)]
    try:
        modal.Cls.from_name("variants", "Scale")(3).times.remote(1)
        raise AssertionError("parameters have names")
    except modal.exception.InvalidError as error:
        assert "by name" in str(error)
    try:
        Scale().times.with_options(timeout=1)
        raise AssertionError("a method has no options")
    except modal.exception.InvalidError as error:
        assert "class" in str(error)

    assert double.update_autoscaler(max_containers=3).max_containers == 3
    double.keep_warm(1)
    assert double.get_current_stats().backlog == 0
    print("ok")
