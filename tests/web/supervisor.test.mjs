import "./standins.mjs";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

const CODE = "// the worker";
const FILE = { url: "worker.mjs", sha256: createHash("sha256").update(CODE).digest("hex"), bytes: CODE.length };

/** A worker that is ready at once, and answers when it is told to. */
class FakeWorker {
  /** @type {FakeWorker[]} */
  static all = [];
  /** @type {{ id: number, request: string }[]} */
  asked = [];
  /** @type {(event: { data: object }) => void} */
  onmessage = () => {};

  /** @param {string} _url @param {{ type: string }} options */
  constructor(_url, options) {
    assert.equal(options.type, "module");
    FakeWorker.all.push(this);
  }

  /** @param {any} message */
  postMessage(message) {
    if (message.type === "start") queueMicrotask(() => this.onmessage({ data: { type: "ready" } }));
    else this.asked.push(message);
  }

  /** Answer what was asked last, with the same. */
  answer() {
    const { id, request } = /** @type {{ id: number, request: string }} */ (this.asked.at(-1));
    this.onmessage({ data: { type: "reply", id, reply: request } });
  }

  terminate() {}
}

let served = CODE;
Object.assign(globalThis, { Worker: FakeWorker, fetch: async () => new Response(served) });
const { Supervisor } = await import("../../generator/web/python/supervisor.mjs");

/** A supervisor whose worker is ready. */
async function ready() {
  FakeWorker.all = [];
  const supervisor = new Supervisor({ worker: FILE }, "https://example.org/");
  supervisor.start();
  await until(supervisor, "ready");
  const [worker] = FakeWorker.all;
  assert.ok(worker);
  return { supervisor, worker };
}

/** @param {InstanceType<typeof Supervisor>} supervisor @param {string} state */
async function until(supervisor, state) {
  while (supervisor.state !== state) await new Promise((resolve) => supervisor.addEventListener("change", resolve, { once: true }));
}

/** @param {FakeWorker} worker */
const requests = (worker) => worker.asked.map(({ request }) => JSON.parse(request));

test("one thing is asked at a time, in the order of the askers", async () => {
  const { supervisor, worker } = await ready();
  const replies = ["a", "b"].map((name) => supervisor.ask({ name }, { name }));
  assert.deepEqual(requests(worker), [{ name: "a" }]);
  worker.answer();
  assert.deepEqual(requests(worker), [{ name: "a" }, { name: "b" }]);
  worker.answer();
  assert.deepEqual(await Promise.all(replies), [{ name: "a" }, { name: "b" }]);
});

test("a newer request of the same asker takes an older one's place, asked or not", async () => {
  const { supervisor, worker } = await ready();
  const asker = {};
  const replies = [1, 2, 3].map((number) => supervisor.ask({ number }, asker));
  worker.answer();
  worker.answer();
  assert.deepEqual(await Promise.all(replies), [null, null, { number: 3 }]);
  assert.deepEqual(requests(worker), [{ number: 1 }, { number: 3 }]);
});

test("a request is made when its turn has come, or left out if there is nothing to ask", async () => {
  const { supervisor, worker } = await ready();
  let value = "old";
  const first = supervisor.ask({}, {});
  const [none, late] = [supervisor.ask(() => null, {}), supervisor.ask(() => ({ value }), {})];
  value = "new";
  worker.answer();
  worker.answer();
  assert.deepEqual(await Promise.all([first, none, late]), [{}, null, { value: "new" }]);
});

test("who leaves is not waited for", async () => {
  const { supervisor, worker } = await ready();
  const asker = {};
  const [first, gone] = [supervisor.ask({}, {}), supervisor.ask({ gone: true }, asker)];
  supervisor.leave(asker);
  worker.answer();
  assert.deepEqual([await first, await gone, requests(worker)], [{}, null, [{}]]);
});

test("what a worker died of is asked again of the next", async () => {
  const { supervisor, worker } = await ready();
  const reply = supervisor.ask({ name: "a" }, {});
  worker.onmessage({ data: { type: "failed", reason: "crashed", detail: "" } });
  await until(supervisor, "ready");
  const [, next] = FakeWorker.all;
  next?.answer();
  assert.deepEqual(await reply, { name: "a" });
});

test("a worker that is not the one that the page was built with never runs", async () => {
  served = `${CODE} changed`;
  FakeWorker.all = [];
  const supervisor = new Supervisor({ worker: FILE }, "https://example.org/");
  const { warn } = console;
  console.warn = () => {};
  supervisor.start();
  await until(supervisor, "failed");
  console.warn = warn;
  served = CODE;
  assert.deepEqual([supervisor.reason, FakeWorker.all], ["damaged", []]);
});
