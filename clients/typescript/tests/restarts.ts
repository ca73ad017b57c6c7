// A service that is restarted, limits its callers, and is killed. These come last, and one after another.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ask, connect, everything, passport, PATIENCE_MS, PATIENT, someone, submitted } from "./world.js";

describe("a service that goes and comes", () => {
  const patient = connect(undefined, { retries: PATIENT });

  test("a service that is restarted is waited for, with uploads and for verdicts, and its rate limit is kept to", async () => {
    const rejected = await submitted("REJECT", {}, patient);
    const request = await patient.products.request(await patient.clients.create(someone()), "cards_individuals");
    const document = await passport("AB");
    const restarting = ask("restart", { settings: { OSTIARY_RATE_LIMIT_PER_SECOND: "5" } });
    await new Promise((resolve) => setTimeout(resolve, 200)); // wherever in its end and start the service then is
    await patient.products.upload(request, document);
    const { product } = await patient.products.submit(request);
    await restarting;
    const ended = await patient.products.waitUntil(product, "enabled", { withinMs: PATIENCE_MS });
    assert.equal(ended.status, "enabled");
    assert((await patient.products.waitUntil(rejected, "rejected", { withinMs: PATIENCE_MS })).rejection_description);
    const ids = new Set<string>();
    for (let made = 0; made < 12; made += 1) ids.add((await patient.clients.create(someone())).id);
    assert.equal(ids.size, 12);
  });

  test("nothing is made twice by a service that is killed", async () => {
    const own = connect(undefined, { retries: PATIENT }, await ask<string>("fresh_key"));
    const people = Array.from({ length: 120 }, () => someone());
    const ids: string[] = [];
    const makeThem = async (): Promise<void> => {
      for (let person = people.pop(); person; person = people.pop()) ids.push((await own.clients.create(person)).id);
    };
    const making = Promise.all(Array.from({ length: 8 }, makeThem));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await ask("restart", { kill: true, settings: { OSTIARY_RATE_LIMIT_PER_SECOND: "0" } });
    await making;
    const listed = (await everything(own.clients.list({ pageSize: 50 }))).map((client) => client.id);
    assert.deepEqual(listed.sort(), ids.sort());
    assert.equal(listed.length, 120);
  });
});
