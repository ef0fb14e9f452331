/** A small app for tests that need exact results. */
export const arithmeticApp = `import time

import modal

app = modal.App("arithmetic")


@app.function()
def square(x: int) -> int:
    return x * x


@app.function(max_containers=4)
def wait(seconds: float) -> float:
    print(f"waiting {seconds} s")
    time.sleep(seconds)
    return seconds
`;
