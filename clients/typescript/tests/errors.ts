// Errors as classes with faults by field, lists as iteration, and clients between JSON and values.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";

import {
  AccessDenied,
  ApiError,
  DocumentNotRequired,
  DuplicateClient,
  InvalidRequest,
  InvalidState,
  type NewClient,
  NotFound,
  Ostiary,
  ProductAlreadyRequested,
  ProductUnknown,
  type Status,
  Unauthorized,
  ValidationFailed,
} from "@ostiary/client";

import { ask, connect, everything, failing, KEY, ostiary, passport, picture, someone, submitted } from "./world.js";

const NO_ID = "0".repeat(32);

describe("errors and lists", { concurrency: 4 }, () => {
  test("every fault is under its field", async () => {
    const creating = ostiary.clients.create(someone({ birth_date: "2024-02-31", email: "nobody" }));
    const error = await failing(ValidationFailed, creating);
    assert.deepEqual(Object.keys(error.faultsByField).sort(), ["birth_date", "email"]);
    assert.deepEqual([error.status, error.code, error.traceId.length], [412, "VALIDATION_FAILED", 32]);
    assert.equal(error.name, "ValidationFailed");
    assert.match(error.message, /^.+ \(VALIDATION_FAILED, trace [0-9a-f]{32}\)\n.*  birth_date: /s);
    assert(error.message.startsWith(error.summary));
  });

  test("each refusal has its class", async () => {
    const client = await ostiary.clients.create(someone());
    const request = await ostiary.products.request(client, "cards_individuals");
    const again = ostiary.clients.create(someone({ email: client.email.toUpperCase() }));
    assert.equal((await failing(DuplicateClient, again)).faults[0]?.client_id, client.id);
    const twice = await failing(ProductAlreadyRequested, ostiary.products.request(client, "cards_individuals"));
    assert.equal(twice.faults[0]?.product_request_id, request.id);
    await failing(ProductUnknown, ostiary.products.request(client, "no_such_product"));
    const card = { documentType: "library_card", front: await picture() };
    await failing(DocumentNotRequired, ostiary.products.upload(request, card));
    await failing(NotFound, ostiary.clients.read(NO_ID));
    const malformed = await failing(InvalidRequest, ostiary.clients.create({ first_name: 1 } as unknown as NewClient));
    assert("first_name" in malformed.faultsByField);
    await failing(InvalidState, ostiary.sandbox.simulate(request, "enabled"));
  });

  test("keys are refused by what they lack", async () => {
    const reading = connect(undefined, {}, await ask<string>("key", { level: 1 }));
    const client = await reading.clients.create(someone());
    await failing(AccessDenied, reading.products.request(client, "cards_individuals"));
    const refused = await failing(Unauthorized, connect(undefined, {}, "no-key").catalogue.read());
    assert(refused instanceof ApiError && !(refused instanceof AccessDenied));
  });

  test("a client is erased by a key of level four", async () => {
    const client = await ostiary.clients.create(someone());
    await failing(AccessDenied, ostiary.clients.erase(client));
    const erasing = connect(undefined, {}, await ask<string>("key", { level: 4 }));
    assert.equal((await erasing.clients.erase(client)).client_id, client.id);
  });

  test("a list goes over its pages", async () => {
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1)
      ids.push((await ostiary.clients.create(someone({ reference: `page-${made}` }))).id);
    const listed: string[] = [];
    for await (const client of ostiary.clients.list({ pageSize: 2 })) {
      if (ids.includes(client.id)) listed.push(client.id);
      if (listed.length === ids.length) break;
    }
    assert.deepEqual(listed, ids.toReversed());
    const one = await everything(ostiary.clients.list({ reference: "page-3" }));
    assert.deepEqual(one.map((client) => client.id), [ids[3]]);
    assert.deepEqual(await everything(ostiary.clients.list({ status: "active", email: "nobody@example.com" })), []);
  });

  test("attributes of the catalogue stand beside", async () => {
    const attributes = { occupation: "Teacher", annual_salary: "30000.50" };
    let client = await ostiary.clients.create(someone({ attributes }));
    assert.deepEqual(client.attributes, attributes);
    assert(client.etag);
    const judge = client.changed({ attributes: { occupation: "Judge" } });
    client = await ostiary.clients.update(judge, { expand: ["timestamps"] });
    assert.deepEqual(client.attributes, { occupation: "Judge", annual_salary: "30000.50" });
    assert(client.created_at);
    client = await ostiary.clients.update(client.id, { fields: someone({ email: client.email }) });
    assert.deepEqual(client.attributes, {});
    assert.equal(JSON.parse(JSON.stringify(client)).first_name, "Maria");
  });

  test("what can be got wrong is told before it is sent", async () => {
    const client = await ostiary.clients.create(someone());
    assert.match((await failing(TypeError, ostiary.clients.update(client.id))).message, /client's fields/);
    assert.match((await failing(TypeError, ostiary.clients.read(""))).message, /must not be empty/);
    assert.match((await failing(TypeError, ostiary.clients.read(".."))).message, /is no id/);
    const [listed] = await everything(ostiary.clients.list({ email: client.email }));
    assert(listed);
    const guarded = ostiary.clients.update(listed, { ifUnchanged: true });
    assert.match((await failing(TypeError, guarded)).message, /no version/);
    const request = { client_id: client.id, id: NO_ID };
    for (const statuses of ["enabeld", []] as (Status | Status[])[])
      assert.match((await failing(TypeError, ostiary.products.waitUntil(request, statuses))).message, /wait for one of/);
    await failing(TypeError, ostiary.products.waitUntil(request, "enabled", { withinMs: Number.NaN }));
    await failing(TypeError, ostiary.clients.read(client, { timeoutMs: 0 }));
    await failing(TypeError, ostiary.clients.read(client, { retries: { most: Number.NaN } }));
    await failing(NotFound, ostiary.clients.read("../products"));
  });

  test("a request under review cannot be written to", async () => {
    const request = await submitted("REVIEW");
    const client = await ostiary.clients.read(request);
    const refused = await failing(InvalidState, ostiary.clients.update(client.changed({ last_name: "Smith" })));
    assert("last_name" in refused.faultsByField);
    await failing(InvalidState, ostiary.products.upload(request, await passport("AB")));
    await failing(InvalidState, ostiary.products.confirmRenewal(request));
  });

  test("a brand is set and removed", async () => {
    const brand = await ostiary.brand.set({ name: "Acme", primary_colour: "#1d4f91" });
    assert.deepEqual([brand.name, brand.has_logo], ["Acme", false]);
    assert.equal((await ostiary.brand.setLogo(await picture(200, 200))).has_logo, true);
    assert.equal((await ostiary.brand.setLogo(null)).has_logo, false);
    await ostiary.brand.remove();
    await failing(NotFound, ostiary.brand.read());
  });

  test("a key is seen by nobody", () => {
    for (const shown of [inspect(ostiary, { depth: 9, showHidden: true }), JSON.stringify(ostiary)])
      assert(!shown.includes(KEY));
  });

  for (const spoiled of ["", "q7Zk\n", " q7Zk", "q7Zk q7Zk", "q7Zk\u00fc", "q7Zk\0"])
    test(`a key that cannot be sent is told without being shown: ${JSON.stringify(spoiled)}`, () => {
      const connecting = (): Ostiary => new Ostiary("http://127.0.0.1", spoiled);
      assert.throws(connecting, (error) => error instanceof TypeError && !error.message.includes("q7Zk"));
    });

  for (const address of ["", "service.example", "ftp://service.example", "//service.example", "https://"])
    test(`an address that is none is told at once: ${address}`, () => {
      assert.throws(() => new Ostiary(address, "key"), /begins with https/);
    });

  test("an address with a password or a query is told without showing it", () => {
    for (const address of ["https://me:q7Zk@service.example", "https://service.example/?token=q7Zk"])
      assert.throws(() => new Ostiary(address, "key"), (error: Error) => !error.message.includes("q7Zk"));
  });
});
