import modal

app = modal.App("cli-classes")


@app.cls()
class Model:
    name: str = modal.parameter(default="model")
    size: int = modal.parameter(default=7)
    quiet: bool = modal.parameter(default=False)
    raw: bytes = modal.parameter(default=b"")

    @modal.method()
    def describe(self, x):
        return [x, self.name, self.size, self.quiet, self.raw]

    @modal.method()
    def upto(self, n):
        for i in range(n):
            yield i * self.size


@app.cls()
class Old:
    def __init__(self, names, sep: str):
        self.text = sep.join(names)

    @modal.method()
    def tell(self):
        return self.text
