import os

import modal

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
    assert variables() == {}
    print("ok")
