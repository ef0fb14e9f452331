"""What `npm run bench -- runtime` deploys with Modal's own client."""

import modal

app = modal.App("bench-runtime")


@app.function(max_containers=1)
def square(x):
    return x * x
