import os

import modal

AT_IMPORT = os.environ.get("OF_ENV")

if modal.is_local():
    of_this_computer = modal.Secret.from_dict({"OF_COMPUTER": "computer"})
else:
    of_this_computer = modal.Secret.from_dict({})

app = modal.App("secrets", secrets=[modal.Secret.from_dict({"OF_APP": "app", "OF_BOTH": "app"})])


def variables():
    names = ["OF_APP", "OF_BOTH", "FROM_FILE", "QUOTED", "OF_ENV", "NOTHING"]
    return {name: os.environ[name] for name in names if name in os.environ}


@app.function()
def plain():
    return variables()


@app.function(
    secrets=[
        modal.Secret.from_dict({"OF_BOTH": "function", "NOTHING": None}),
        modal.Secret.from_dotenv(__file__),
        modal.Secret.from_name("on-modal"),
        modal.Secret.from_local_environ(["PATH"]),
    ],
    env={"OF_ENV": "env"},
)
def full():
    return variables()


@app.function(env={"OF_ENV": "one"})
def one():
    return AT_IMPORT


@app.function(env={"OF_ENV": "two"}, secrets=[of_this_computer])
def two():
    return AT_IMPORT, os.environ["OF_COMPUTER"]


@app.cls(env={"OF_ENV": "class"})
class Model:
    @modal.enter()
    def load(self):
        self.loaded = variables()

    @modal.method()
    def get(self):
        return self.loaded


@app.local_entrypoint()
def main():
    assert plain.remote() == {"OF_APP": "app", "OF_BOTH": "app"}
    assert full.remote() == {
        "OF_APP": "app",
        "OF_BOTH": "function",
        "FROM_FILE": "one",
        "QUOTED": "two # not a comment",
        "OF_ENV": "env",
    }
    assert Model().get.remote()["OF_ENV"] == "class"
    assert (one.remote(), two.remote()) == ("one", ("two", "computer"))
    assert one.with_options(env={"OF_ENV": "three"}).remote() == "three"
    changed = Model.with_options(secrets=[modal.Secret.from_dict({"FROM_FILE": "given"})], gpu="A100")
    assert changed().get.remote() == {"FROM_FILE": "given"}
    assert variables() == {}
    print("ok")
