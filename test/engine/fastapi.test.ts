import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { EngineHarness } from "./engineHarness.ts";
import { urlOf } from "./webHarness.ts";

const APP = `import modal
app = modal.App("api")

@app.function()
@modal.fastapi_endpoint()
def square(x: int):
    return {"square": x * x}

@app.function()
@modal.fastapi_endpoint(method="POST")
async def double(x: int):
    return x * 2
`;

/** As much of FastAPI as an endpoint needs, where the interpreter has none: it checks how it is used. */
const STAND_IN = {
  "fastapi/__init__.py": `import inspect, json
from urllib.parse import parse_qsl

class FastAPI:
    def __init__(self, *, openapi_url):
        assert openapi_url is None

    def add_middleware(self, middleware, **options):
        assert options["allow_origins"] == ["*"]

    def add_api_route(self, path, function, *, methods):
        self.path, self.function, self.methods = path, function, methods

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            raise NotImplementedError
        if scope["path"] != self.path or scope["method"] not in self.methods:
            return await self.answer(send, 405, {"detail": "Method Not Allowed"})
        given = dict(parse_qsl(scope["query_string"].decode()))
        parameters = inspect.signature(self.function).parameters
        try:
            arguments = {name: parameter.annotation(given[name]) for name, parameter in parameters.items()}
        except (KeyError, ValueError):
            return await self.answer(send, 422, {"detail": "Unprocessable"})
        value = self.function(**arguments)
        await self.answer(send, 200, await value if inspect.isawaitable(value) else value)

    async def answer(self, send, status, value):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(value).encode()})
`,
  "fastapi/middleware/__init__.py": "",
  "fastapi/middleware/cors.py": "class CORSMiddleware:\n    pass\n",
};

const hasFastApi = spawnSync("python3", ["-c", "import fastapi"]).status === 0;

test(`a function answers requests by ${hasFastApi ? "FastAPI" : "a stand-in for FastAPI"}`, async (t) => {
  const harness = await EngineHarness.start(t);
  if (!hasFastApi) for (const [name, source] of Object.entries(STAND_IN)) await harness.write(name, source);
  await harness.deploy(APP);
  const square = await urlOf(harness, "square", "api");
  const answer = await fetch(`${square}/?x=7`);
  assert.deepEqual([answer.status, await answer.json()], [200, { square: 49 }]);
  assert.equal((await fetch(`${square}/?x=seven`)).status, 422);
  assert.equal((await fetch(`${square}/?x=7`, { method: "POST" })).status, 405);
  const double = await urlOf(harness, "double", "api");
  assert.equal(await (await fetch(`${double}/?x=7`, { method: "POST" })).json(), 14);
});
