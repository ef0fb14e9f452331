import assert from "node:assert/strict";
import { test } from "node:test";
import { LazyLocalTarget } from "../../src/targets/lazyLocalTarget.ts";
import { LazyTarget } from "../../src/targets/lazyTarget.ts";
import { TargetError } from "../../src/targets/targetError.ts";
import { TargetList, type TargetPlace } from "../../src/targets/targetList.ts";

/** Accounts by name; `closed` says which were let go. */
function accounts(...names: string[]) {
  const closed: string[] = [];
  let chosen: TargetPlace | undefined;
  const read = async () =>
    names.map((name) => {
      const modal = () => assert.fail("nobody asked");
      return new LazyTarget(`profile:${name}`, name, async () => ({ name, modal, close: () => closed.push(name) }));
    });
  const local = new LazyLocalTarget(async () => assert.fail("nobody asked"));
  const list = new TargetList(local, read, {
    get: () => chosen,
    set: (place) => {
      chosen = place;
    },
  });
  return { list, names, closed };
}

const idsOf = (list: TargetList) => list.all.map(({ id }) => id);

test("the engine on this machine is always there, and first; accounts are read when they are wanted", async () => {
  const { list } = accounts("main", "other");
  assert.deepEqual(idsOf(list), ["local"]);
  assert.equal((await list.find("profile:other")).name, "other");
  assert.deepEqual(idsOf(list), ["local", "profile:main", "profile:other"]);
});

test("an account that stays is the same target after a refresh, one that goes is closed", async () => {
  const { list, names, closed } = accounts("main", "other");
  const [main, other] = [await list.find("profile:main"), await list.find("profile:other")];
  await assert.rejects(other.modal(), /nobody asked/);
  names.splice(1, 1, "third");
  await list.refresh();
  assert.deepEqual(idsOf(list), ["local", "profile:main", "profile:third"]);
  assert.equal(await list.find("profile:main"), main);
  assert.deepEqual(closed, ["other"]);
  await assert.rejects(list.find("profile:other"), (error: unknown) => {
    return error instanceof TargetError && error.message.includes('"other"');
  });
});

test("the choice is kept, and everybody hears of it and of what targets do", async () => {
  const { list } = accounts("main");
  const heard: string[] = [];
  const stop = list.onChange(() => heard.push(list.all.map(({ state }) => state.status).join()));
  assert.deepEqual(list.current, { targetId: "local", environmentName: "" });
  list.choose({ targetId: "profile:main", environmentName: "dev" });
  assert.deepEqual(list.current, { targetId: "profile:main", environmentName: "dev" });
  const main = await list.find("profile:main");
  await assert.rejects(main.modal());
  assert.deepEqual(heard, ["notStarted", "notStarted,notStarted", "notStarted,starting", "notStarted,failed"]);
  stop();
  await assert.rejects(list.local.modal());
  assert.equal(heard.length, 4);
});
