import modal

table = modal.Dict.from_name("table", create_if_missing=True)
queue = modal.Queue.from_name("queue", create_if_missing=True)
volume = modal.Volume.from_name("files", create_if_missing=True)
image = modal.Image.debian_slim().pip_install("torch").run_commands("true").add_local_dir(".", "/root")
app = modal.App("services", image=image)


@app.function(volumes={"/data": volume}, gpu="H100", cloud="aws", secrets=[modal.Secret.from_name("key")])
def commit():
    volume.commit()
    volume.reload()


def refused(use):
    try:
        use()
    except modal.exception.UnimplementedError as error:
        assert "is not supported by the local engine; use Modal's cloud for it." in str(error), error
        return True
    return False


@app.local_entrypoint()
def main():
    commit.remote()
    with modal.Queue.ephemeral() as passing, modal.Dict.ephemeral() as shared, modal.Volume.ephemeral():
        passing.put(1)
        shared["a"] = passing.get()
        assert shared["a"] == 1
    table["b"] = 2
    queue.put(table.pop("b"))
    assert queue.get() == 2
    assert list(volume.listdir("/")) == []
    assert refused(lambda: modal.Sandbox.create("ls"))
    assert refused(lambda: modal.forward(8000))
    print("ok")
