import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { readClientConfig } from "../../src/client/config/clientConfig.ts";
import { ModalClient, readProfiles } from "../../src/client/index.ts";
import { FakeModal } from "./fakeModal.ts";

const folder = mkdtempSync(join(tmpdir(), "spawnpoint-config-"));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A configuration file with this text. */
function file(text: string): string {
  const path = join(folder, `${++count}.toml`);
  writeFileSync(path, text);
  return path;
}

const MODAL_URLS = "https://api.modal.com,https://api.modal2.com";

const TWO_PROFILES = `
[work]
token_id = "ak-work"
token_secret = "as-work"
environment = "staging"

[home]
token_id = "ak-home"
token_secret = "as-home"
active = true
server_url = "http://127.0.0.1:9"
max_throttle_wait = 7
disable_api_proxy = true
override_headers = "X-One: 1, x-two:a:b"
`;

/** What went wrong; the test fails when nothing did. */
function problem(action: () => unknown): { name: string; message: string } {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.doesNotMatch(inspect(error, { depth: 10 }), /as-/, "no secret in an error, nor in its cause");
    return { name: error.name, message: error.message };
  }
  return assert.fail("it should not have worked");
}

test("the active profile is used, with all that it says", () => {
  assert.deepEqual(readClientConfig({ path: file(TWO_PROFILES), env: {} }), {
    url: "http://127.0.0.1:9",
    tokenId: "ak-home",
    tokenSecret: "as-home",
    environmentName: "",
    useProxy: false,
    headers: { "x-one": "1", "x-two": "a:b" },
    maxThrottleWaitMs: 7_000,
  });
});

test("a profile that says little gets the defaults: Modal's two servers, a proxy if there is one, no limits", () => {
  const path = file(`[default]\ntoken_id = "ak-1"\ntoken_secret = "as-1"\n`);
  assert.deepEqual(readClientConfig({ path, env: {} }), {
    url: "https://api.modal.com,https://api.modal2.com",
    tokenId: "ak-1",
    tokenSecret: "as-1",
    environmentName: "",
    useProxy: true,
    headers: {},
    maxThrottleWaitMs: undefined,
  });
});

test("the caller's profile and environment win over the variables, which win over the file", () => {
  const path = file(TWO_PROFILES);
  const env = { MODAL_PROFILE: "work" };
  assert.equal(readClientConfig({ path, env }).tokenId, "ak-work");
  assert.equal(readClientConfig({ path, env: { MODAL_PROFILE: "" } }).tokenId, "ak-home");
  assert.equal(readClientConfig({ path, env, profile: "home" }).tokenId, "ak-home");
  assert.equal(readClientConfig({ path, env }).environmentName, "staging");
  const withEnvironment = { ...env, MODAL_ENVIRONMENT: "prod" };
  assert.equal(readClientConfig({ path, env: withEnvironment }).environmentName, "prod");
  assert.equal(readClientConfig({ path, env: withEnvironment, environment: "dev" }).environmentName, "dev");
});

test("a variable wins over the profile even when it is empty", () => {
  const path = file(TWO_PROFILES);
  const env = {
    MODAL_TOKEN_ID: "ak-env",
    MODAL_TOKEN_SECRET: "as-env",
    MODAL_SERVER_URL: "http://127.0.0.1:8",
    MODAL_DISABLE_API_PROXY: "",
    MODAL_OVERRIDE_HEADERS: "",
    MODAL_MAX_THROTTLE_WAIT: "",
  };
  assert.deepEqual(readClientConfig({ path, env }), {
    url: "http://127.0.0.1:8",
    tokenId: "ak-env",
    tokenSecret: "as-env",
    environmentName: "",
    useProxy: true,
    headers: {},
    maxThrottleWaitMs: undefined,
  });
  const empty = { MODAL_PROFILE: "work", MODAL_ENVIRONMENT: "", MODAL_MAX_THROTTLE_WAIT: "0" };
  const config = readClientConfig({ path, env: empty });
  assert.deepEqual([config.environmentName, config.maxThrottleWaitMs], ["", 0]);
  assert.equal(problem(() => readClientConfig({ path, env: { MODAL_TOKEN_ID: "" } })).name, "AuthError");
});

test("the file is the caller's, else the one that MODAL_CONFIG_PATH names; without one the variables are enough", () => {
  const env = { MODAL_CONFIG_PATH: file(`[default]\ntoken_id = "ak-1"\ntoken_secret = "as-1"\n`) };
  assert.equal(readClientConfig({ env }).tokenId, "ak-1");
  assert.equal(readClientConfig({ env, path: file(TWO_PROFILES) }).tokenId, "ak-home");
  const tokens = { MODAL_TOKEN_ID: "ak-2", MODAL_TOKEN_SECRET: "as-2" };
  assert.equal(readClientConfig({ path: join(folder, "none.toml"), env: tokens }).tokenId, "ak-2");
});

test("inside a Modal container no file is read", () => {
  const path = file("this is not TOML");
  const env = { MODAL_IS_REMOTE: "1", MODAL_TOKEN_ID: "ak-2", MODAL_TOKEN_SECRET: "as-2" };
  assert.equal(readClientConfig({ path, env }).tokenId, "ak-2");
});

test("without a token it is said how to get one, and which profile was looked for", () => {
  const none = problem(() => readClientConfig({ path: join(folder, "none.toml"), env: {} }));
  assert.equal(none.name, "AuthError");
  assert.match(none.message, /none\.toml has no profile "default"; run "modal token new"/);
  const half = problem(() => readClientConfig({ path: file(`[default]\ntoken_id = "ak-1"\n`), env: {} }));
  assert.match(half.message, /^Profile "default" of .* has no Modal token; run "modal token new"/);
  const other = problem(() => readClientConfig({ path: file(TWO_PROFILES), env: {}, profile: "wrk" }));
  assert.match(other.message, /no profile "wrk" \(there is "work", "home"\); run "modal token new"/);
});

test("it must be clear which profile is meant", () => {
  const twoActive = file(`[a]\nactive = true\n[b]\nactive = true\n`);
  assert.match(problem(() => readClientConfig({ path: twoActive, env: {} })).message, /^More than one .*\(a, b\)/);
  const noneActive = file(`[a]\ntoken_id = "ak-1"\ntoken_secret = "as-1"\n[b]\nactive = "yes"\n`);
  const { name, message } = problem(() => readClientConfig({ path: noneActive, env: {} }));
  assert.equal(name, "InvalidError");
  assert.match(message, /^None of the Modal profiles in .*\(a, b\) is active/);
  assert.equal(readClientConfig({ path: noneActive, env: { MODAL_PROFILE: "a" } }).tokenId, "ak-1");
});

test("a bad file is named with the line, and what stands there is not quoted", () => {
  const broken = file(`[default]\ntoken_id = "ak-1"\ntoken_secret = as-secret\n`);
  assert.deepEqual(
    problem(() => readClientConfig({ path: broken, env: {} })),
    {
      name: "InvalidError",
      message: `Modal's configuration file ${broken} is not valid TOML at line 3, column 16; correct it there.`,
    },
  );
  const loose = file(`# tokens\ntoken_id = "ak-1"\n[default]\n`);
  assert.match(
    problem(() => readProfiles({ path: loose, env: {} })).message,
    /\.toml, line 2, "token_id" stands outside/,
  );
  const { name, message } = problem(() => readProfiles({ path: folder, env: {} }));
  assert.deepEqual([name, message.includes(folder)], ["InvalidError", true]);
});

test("a bad value is named by where it stands", () => {
  const tokens = `token_id = "ak-1"\ntoken_secret = "as-1"\n`;
  const path = file(`[default]\n${tokens}server_url = 5\n`);
  assert.match(
    problem(() => readClientConfig({ path, env: {} })).message,
    /^"server_url" in profile "default" of .* must be a text/,
  );
  const good = file(`[default]\n${tokens}`);
  for (const bad of ["soon", "-1", "1.5"]) {
    const { message } = problem(() => readClientConfig({ path: good, env: { MODAL_MAX_THROTTLE_WAIT: bad } }));
    assert.match(message, /^The environment variable MODAL_MAX_THROTTLE_WAIT must be a whole number/);
  }
  for (const bad of ["as-1", "name:", ":as-1", "a b:1", "a:1,", "a-bin:1", "a:ü"]) {
    const { message } = problem(() => readClientConfig({ path: good, env: { MODAL_OVERRIDE_HEADERS: bad } }));
    assert.match(message, /^The environment variable MODAL_OVERRIDE_HEADERS must be a list/);
  }
});

test("the profiles are listed without their secrets", () => {
  const path = file(`${TWO_PROFILES}\n[new]\ntoken_id = "ak-new"\nserver_url = "https://me:as-2@modal.test"\n`);
  assert.deepEqual(readProfiles({ path, env: {} }), [
    { name: "work", isActive: false, url: MODAL_URLS, hasToken: true, environmentName: "staging" },
    { name: "home", isActive: true, url: "http://127.0.0.1:9", hasToken: true, environmentName: undefined },
    { name: "new", isActive: false, url: "https://modal.test", hasToken: false, environmentName: undefined },
  ]);
  assert.deepEqual(readProfiles({ path: join(folder, "none.toml"), env: {} }), []);
});

test("a client from the configuration talks to that server, as that account, with those headers", async () => {
  await using server = await FakeModal.start();
  const path = file(`[default]\ntoken_id = "ak-1"\ntoken_secret = "as-1"\nserver_url = "${server.url}"\n`);
  const env = { MODAL_OVERRIDE_HEADERS: "x-modal-client-version:9.9, x-mine:yes", MODAL_ENVIRONMENT: "staging" };
  const modal = ModalClient.fromConfig({ path, env });
  assert.equal(await modal.functions.fromName("app", "square").remote([7]), 49);
  for (const { metadata } of server.seen) {
    assert.deepEqual(["x-modal-token-id", "x-modal-token-secret", "x-modal-client-version", "x-mine"].map(metadata), [
      "ak-1",
      "as-1",
      "9.9",
      "yes",
    ]);
  }
  assert.equal(server.requests("functionGet")[0]?.request.environmentName, "staging");
  modal.close();
});

test("a client that is printed shows no token", async () => {
  await using server = await FakeModal.start();
  const modal = server.client({ tokenId: "ak-id", tokenSecret: "as-secret" });
  const fn = await modal.functions.lookup("app", "f");
  for (const thing of [modal, fn, modal.functions, modal.apps]) {
    const shown = inspect(thing, { depth: Infinity, showHidden: true, getters: true }) + JSON.stringify(thing);
    assert.doesNotMatch(shown, /as-secret|ak-id/);
  }
});
