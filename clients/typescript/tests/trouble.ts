// When things go wrong on the way: lost answers, refusals of load, a slow service.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, test } from "node:test";

import {
  ApiError,
  ConnectionFailed,
  IdempotencyKeyInUse,
  IdempotencyKeyReused,
  InternalError,
  InvalidState,
  NO_RETRIES,
  PayloadTooLarge,
  TimedOut,
  TooManyRequests,
  Unavailable,
  UnexpectedAnswer,
  VERSION,
} from "@ostiary/client";

import {
  connect,
  everything,
  failing,
  KEY,
  mark,
  type Mishap,
  Obstacle,
  ostiary,
  passport,
  QUICK,
  someone,
} from "./world.js";

const CUT: Mishap = {};
const LOST: Mishap = { forwards: true };
const OVERLOADED: Mishap = { status: 503, headers: { "retry-after": "1" }, body: "<html>upstream is away</html>" };
const LIMITED: Mishap = { status: 429, headers: { "retry-after": "1" }, body: refusal("TOO_MANY_REQUESTS") };
const FAILING: Mishap = { status: 500, body: refusal("INTERNAL_ERROR") };
const IN_USE: Mishap = { status: 409, body: refusal("IDEMPOTENCY_KEY_IN_USE") };
const GATEWAY: Mishap = { status: 502, body: "bad gateway" };

function refusal(code: string): string {
  return JSON.stringify({ code, message: "m" });
}

describe("trouble on the way", { concurrency: 8 }, () => {
  const WAYS: Readonly<Record<string, readonly Mishap[]>> = {
    cut: [CUT],
    lost: [LOST],
    "lost, cut and lost": [LOST, CUT, LOST],
    overloaded: [OVERLOADED],
    limited: [LIMITED],
    failing: [FAILING],
    "in use": [IN_USE],
    "a gateway that fails, and lost": [GATEWAY, LOST],
  };
  for (const [name, mishaps] of Object.entries(WAYS))
    test(`a client is made once whatever happens on the way: ${name}`, async () => {
      const obstacle = await Obstacle.inTheWay(...mishaps);
      const client = await connect(obstacle.url, { retries: QUICK }).clients.create(someone());
      const keys = await obstacle.keys();
      assert.deepEqual([keys.length, new Set(keys).size], [mishaps.length + 1, 1]);
      const listed = await everything(ostiary.clients.list({ email: client.email }));
      assert.deepEqual(listed.map((each) => each.id), [client.id]);
    });

  for (const mishap of [OVERLOADED, LIMITED])
    test(`Retry-After is waited for: ${mishap.status}`, async () => {
      const obstacle = await Obstacle.inTheWay(mishap);
      const began = performance.now();
      await connect(obstacle.url, { retries: QUICK }).catalogue.read();
      assert(performance.now() - began >= 1_000);
    });

  test("a longer wait than one likes is told at once", async () => {
    const obstacle = await Obstacle.inTheWay({ ...LIMITED, headers: { "retry-after": "300" } });
    const refused = await failing(TooManyRequests, connect(obstacle.url).catalogue.read());
    assert.equal(refused.retryAfterMs, 300_000);
    assert.equal((await obstacle.calls()).length, 1);
  });

  for (const [mishap, kind, tries] of [
    [OVERLOADED, Unavailable, 1],
    [FAILING, InternalError, 3],
    [CUT, ConnectionFailed, 3],
  ] as const)
    test(`it gives up after as many tries as were asked for: ${kind.name}`, async () => {
      const obstacle = await Obstacle.inTheWay(...Array<Mishap>(tries).fill(mishap));
      const retries = { most: tries - 1, firstWaitMs: 20 };
      await failing(kind as new () => Error, connect(obstacle.url).catalogue.read({ retries }));
      assert.equal((await obstacle.calls()).length, tries);
      assert((await connect(obstacle.url).catalogue.read()).version);
    });

  test("a key in use is waited for by time and not by tries", async () => {
    const obstacle = await Obstacle.inTheWay(...Array<Mishap>(9).fill(IN_USE));
    const retries = { most: 1, firstWaitMs: 20, longestWaitMs: 50, inUseMs: 5_000 };
    assert((await connect(obstacle.url, { retries }).clients.create(someone())).id);
    assert.equal(new Set(await obstacle.keys()).size, 1);
    await obstacle.befall(...Array<Mishap>(9).fill(IN_USE));
    const hasty = { retries: { firstWaitMs: 20, inUseMs: 10 } };
    await failing(IdempotencyKeyInUse, connect(obstacle.url).clients.create(someone(), hasty));
  });

  const ODD_BODIES: Readonly<Record<string, string>> = {
    "": "NotFound",
    null: "NotFound",
    '{"message": null}': "NotFound",
    "\u00ff\u00fe": "NotFound",
    '{"code": "A_CODE_OF_TOMORROW", "message": "m"}': "NotFound",
    '{"code": "INVALID_STATE", "message": "m", "details": [{"field": 1}]}': "InvalidState",
    '{"code": "INVALID_STATE", "message": "m", "details": null}': "InvalidState",
  };
  for (const [body, name] of Object.entries(ODD_BODIES))
    test(`a refusal is known by its code or else its status: ${JSON.stringify(body)}`, async () => {
      const obstacle = await Obstacle.inTheWay({ status: 404, headers: { "X-Trace-Id": "t".repeat(32) }, body });
      const refused = await failing(ApiError, connect(obstacle.url).catalogue.read());
      assert.deepEqual([refused.name, refused.constructor.name, refused.status], [name, name, 404]);
      assert.deepEqual([refused.traceId, refused.faults], ["t".repeat(32), []]);
    });

  test("many calls at once keep apart", async () => {
    const obstacle = await Obstacle.inTheWay(...Array<Mishap[]>(5).fill([LOST, CUT]).flat());
    const through = connect(obstacle.url, { retries: QUICK });
    const people = Array.from({ length: 20 }, () => someone());
    const clients = await Promise.all(people.map((person) => through.clients.create(person)));
    assert.deepEqual(clients.map((client) => client.email), people.map((person) => person.email));
    assert.equal(new Set(clients.map((client) => client.id)).size, people.length);
  });

  test("a slow service is not waited for longer than asked", async () => {
    const obstacle = await Obstacle.inTheWay({ forwards: true, after_s: 2 });
    const creating = connect(obstacle.url, { retries: NO_RETRIES }).clients.create(someone(), { timeoutMs: 300 });
    assert((await failing(TimedOut, creating)) instanceof ConnectionFailed);
  });

  test("a slow answer is asked for again and nothing is made twice", async () => {
    const obstacle = await Obstacle.inTheWay({ forwards: true, after_s: 2 });
    const client = await connect(obstacle.url, { retries: QUICK, timeoutMs: 1_000 }).clients.create(someone());
    const listed = await everything(ostiary.clients.list({ email: client.email }));
    assert.deepEqual(listed.map((each) => each.id), [client.id]);
  });

  test("a call is ended by its signal, while it is sent and while it waits", async () => {
    const obstacle = await Obstacle.inTheWay({ after_s: 1 }, OVERLOADED);
    const through = connect(obstacle.url);
    for (const _ of ["while it is sent", "while it waits"]) {
      const why = new Error("the user went away");
      const ending = new AbortController();
      setTimeout(() => ending.abort(why), 200);
      assert.equal(await failing(Error, through.catalogue.read({ signal: ending.signal })), why);
    }
    const ended = AbortSignal.abort(new Error("before it began"));
    await failing(Error, through.catalogue.read({ signal: ended }));
    assert.equal((await obstacle.calls()).length, 2, "nothing was sent by the last");
  });

  test("an upload tells its progress again when it is repeated", async () => {
    const obstacle = await Obstacle.inTheWay();
    const through = connect(obstacle.url, { retries: QUICK });
    const request = await through.products.request(await through.clients.create(someone()), "cards_individuals");
    await obstacle.befall(LOST);
    const told: number[] = [];
    const progress = (sent: number): void => void told.push(sent);
    const judged = await through.products.upload(request, await passport("AB"), { progress });
    assert.deepEqual(judged.rejected_items, []);
    const most = Math.max(...told);
    assert.deepEqual([0, most].map((bytes) => told.filter((sent) => sent === bytes).length), [2, 2]);
  });

  test("what progress throws ends the call, and it is not repeated", async () => {
    const obstacle = await Obstacle.inTheWay();
    const through = connect(obstacle.url, { retries: QUICK });
    const request = { client_id: "c", id: "r" };
    const why = new RangeError("no more");
    const progress = (): never => {
      throw why;
    };
    assert.equal(await failing(RangeError, through.products.upload(request, await passport("AB"), { progress })), why);
  });

  test("what is too large is refused as such", async () => {
    const request = await ostiary.products.request(await ostiary.clients.create(someone()), "cards_individuals");
    const document = { ...(await passport("AB")), front: new Uint8Array(40_000_000) };
    await failing(PayloadTooLarge, ostiary.products.upload(request, document, { retries: NO_RETRIES }));
  });

  test("a service that takes nothing is not waited for", async () => {
    const deaf = createServer((socket) => socket.pause().on("error", () => {}));
    await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
    const { port } = deaf.address() as { port: number };
    const to = connect(`http://127.0.0.1:${port}`, { retries: NO_RETRIES, timeoutMs: 300 });
    const document = { ...(await passport("AB")), front: new Uint8Array(20_000_000) };
    await failing(TimedOut, to.products.upload({ client_id: "c", id: "r" }, document));
    deaf.close();
  });

  test("a guarded change is not repeated when its answer was lost", async () => {
    const obstacle = await Obstacle.inTheWay();
    const through = connect(obstacle.url, { retries: QUICK });
    const client = await through.clients.create(someone());
    await obstacle.befall(LOST);
    const guarded = { ifUnchanged: true };
    await failing(ConnectionFailed, through.clients.update(client.changed({ last_name: "Smith" }), guarded));
    assert.equal((await through.clients.read(client)).last_name, "Smith");
    const second = through.clients.update(client.changed({ last_name: "Jones" }), guarded);
    assert.equal((await failing(InvalidState, second)).faults[0]?.code, "CLIENT_CHANGED");
    await obstacle.befall(LOST);
    assert.equal((await through.clients.update(client.changed({ last_name: "Jones" }))).last_name, "Jones");
  });

  test("a key of one's own is held to", async () => {
    const obstacle = await Obstacle.inTheWay();
    const through = connect(obstacle.url);
    const mine = { idempotencyKey: `order-${mark()}-${Date.now()}` };
    const body = someone();
    const first = await through.clients.create(body, mine);
    assert.equal((await through.clients.create(body, mine)).id, first.id);
    await failing(IdempotencyKeyReused, through.clients.create(someone(), mine));
    assert.match((await failing(TypeError, through.clients.read(first, mine))).message, /POST alone/);
    assert.deepEqual(await obstacle.keys(), Array<string>(3).fill(mine.idempotencyKey));
  });

  for (const [odd, option] of [
    ["language", { language: "es\r\nx: y" }],
    ["traceparent", { traceparent: "\u00e9" }],
    ["idempotency key", { idempotencyKey: "a\nb" }],
  ] as const)
    test(`what no header can hold is told at once: ${odd}`, async () => {
      assert.match((await failing(TypeError, ostiary.clients.create(someone(), option))).message, /visible ASCII/);
    });

  test("a trace is continued, and the client says what it is", async () => {
    const obstacle = await Obstacle.inTheWay();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await connect(`${obstacle.url}/`).catalogue.read({ traceparent });
    const [call] = await obstacle.calls();
    assert.deepEqual([call?.headers["traceparent"], call?.headers["x-api-key"]], [traceparent, KEY]);
    assert.equal(call?.headers["user-agent"], `ostiary-client-js/${VERSION} node/${process.versions.node}`);
  });

  for (const [what, mishap] of Object.entries<Mishap>({
    "a page": { status: 200, body: "<html>q7Zk" },
    "another JSON": { status: 200, body: '{"products": 1}' },
    "half an answer": { status: 200, body: '{"products": [{"id": "q7Zk"}]}' },
    "no object": { status: 200, body: "[]" },
    "a way elsewhere": { status: 302, headers: { location: "/elsewhere" } },
  }))
    test(`another program at the address is told from the service: ${what}`, async () => {
      const obstacle = await Obstacle.inTheWay(mishap);
      const error = await failing(UnexpectedAnswer, connect(obstacle.url).catalogue.read());
      assert(!`${error.message} ${String(error.cause)}`.includes("q7Zk"), "what came is of somebody, perhaps");
    });

  test("a fetch of one's own is called", async () => {
    const asked: string[] = [];
    const own = (url: string, init: RequestInit): Promise<Response> => {
      asked.push(url);
      return fetch(url, init);
    };
    await connect(undefined, { fetch: own }).catalogue.read({ country: "ARG" });
    assert.match(asked.join(), /^http:\/\/127\.0\.0\.1:\d+\/management\/products\?country=ARG$/);
  });

  test("nobody listens", async () => {
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, "127.0.0.1", resolve));
    const { port } = nobody.address() as { port: number };
    await new Promise((resolve) => nobody.close(resolve));
    const failed = await failing(ConnectionFailed, connect(`http://127.0.0.1:${port}`, { retries: NO_RETRIES }).catalogue.read());
    assert.match(failed.message, /ECONNREFUSED/);
    assert(!failed.message.includes(KEY));
  });
});
