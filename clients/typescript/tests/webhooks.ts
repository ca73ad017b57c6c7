// Events that are verified and read: from a real service, and forged in every way.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { describe, test } from "node:test";

import { type Event, type ReceivedHeaders, Webhook, WebhookRefused } from "@ostiary/client";

import { ask, connect, everything, submitted } from "./world.js";

const NOW_S = 1_900_000_000;
const [SECRET, OTHER] = ["a", "b"].map((letter) => `whsec_${Buffer.alloc(32, letter).toString("base64")}`) as [string, string];
const CHANGE = {
  product: "company_activity", event_type: "product_enablement_status_changed", operation_id: "i".repeat(32),
  status: "pending",
  data: {
    client_id: "c".repeat(32), product_request_id: "r".repeat(32), product: "cards_individuals", status: "in_kyc",
    previous_status: "requested", rejected_items: [], occurred_at: "2026-04-16T09:20:00",
  },
};
const BODY = bytes(JSON.stringify(CHANGE));

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function signature(secret: string, body: Uint8Array | string = BODY, timestamp: unknown = NOW_S): string {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const digest = createHmac("sha256", key).update(`${"i".repeat(32)}.${String(timestamp)}.`).update(body);
  return `v1,${digest.digest("base64")}`;
}

function headers(signatures: string[], timestamp: unknown = NOW_S): Record<string, string> {
  const named = { "Webhook-Id": "i".repeat(32), "webhook-timestamp": String(timestamp) };
  return { ...named, "Webhook-Signature": signatures.join(" ") };
}

function webhook(...secrets: string[]): Webhook {
  return new Webhook(secrets.length > 0 ? secrets : SECRET, { now: () => NOW_S * 1_000 });
}

describe("webhooks", () => {
  test("a genuine event is typed", () => {
    const event = webhook().parse(headers([signature(SECRET)]), BODY);
    assert(event.kind === "status_changed");
    assert.deepEqual([event.operation_id, event.data.status, event.data.previous_status], ["i".repeat(32), "in_kyc", "requested"]);
  });

  for (const by of [[SECRET], [OTHER], [SECRET, OTHER], [OTHER, SECRET]])
    test(`either secret counts while one is replaced: ${by.map((secret) => secret.slice(6, 8)).join()}`, () => {
      assert(webhook(SECRET, OTHER).parse(headers(by.map((secret) => signature(secret))), BODY));
    });

  const at = (timestamp: unknown): Record<string, string> => headers([signature(SECRET, BODY, timestamp)], timestamp);
  const signed = (body: Uint8Array | string): readonly [ReceivedHeaders, Uint8Array] => [
    headers([signature(SECRET, body)]), typeof body === "string" ? bytes(body) : body,
  ];
  const FORGED: Readonly<Record<string, readonly [ReceivedHeaders, Uint8Array]>> = {
    "another secret": [headers([signature(OTHER)]), BODY],
    "another body": [headers([signature(SECRET)]), bytes(JSON.stringify(CHANGE).replace("in_kyc", "enabled"))],
    "one byte more": [headers([signature(SECRET)]), new Uint8Array([...BODY, 32])],
    "another version": [headers([signature(SECRET).replace("v1,", "v2,")]), BODY],
    "no version": [headers([signature(SECRET).replace("v1,", "")]), BODY],
    "no signature": [headers([]), BODY],
    "letters beyond ASCII": [headers(["v1,\u00e9\ud800"]), BODY],
    "an id that is no text": [{ ...headers([signature(SECRET)]), "Webhook-Id": "\ud800" }, BODY],
    "too old": [at(NOW_S - 301), BODY],
    "from the future": [at(NOW_S + 301), BODY],
    "another time than signed": [headers([signature(SECRET)], NOW_S + 1), BODY],
    "a time that is none": [at("now"), BODY],
    "a time below zero": [at(-1), BODY],
    "digits of another script": [at("\u0661"), BODY],
    "a time without end": [at("9".repeat(5_000)), BODY],
    "no headers": [{}, BODY],
    "behind a hundred others": [headers([...Array<string>(100).fill("v1,AAAA"), signature(SECRET)]), BODY],
    "signed, and no JSON": signed("{"),
    "signed, and no UTF-8": signed(new Uint8Array([0xff])),
    "signed, with a byte order mark": signed(new Uint8Array([0xef, 0xbb, 0xbf, ...BODY])),
    "signed, and no event": signed("[]"),
    "signed, and nothing": signed("null"),
    "signed, and a name of every object": signed('{"event_type": "toString", "operation_id": "i"}'),
    "signed, and half an event": signed('{"event_type": "renewal_opened"}'),
    "signed, and an event without data": signed('{"event_type": "of_tomorrow", "operation_id": "i", "data": []}'),
  };
  for (const [name, [given, body]] of Object.entries(FORGED))
    test(`what is not genuine is refused: ${name}`, () => {
      assert.throws(() => webhook().parse(given, body), WebhookRefused);
    });

  test("whatever comes is refused and nothing else", () => {
    const random = (): string => String.fromCharCode(...crypto.getRandomValues(new Uint16Array(20)));
    for (let turn = 0; turn < 500; turn += 1) {
      const names = ["webhook-id", "Webhook-Timestamp", "webhook-signature", random()];
      const given = Object.fromEntries(names.filter(() => Math.random() > 0.3).map((name) => [name, random()]));
      const body = crypto.getRandomValues(new Uint8Array(30));
      assert.throws(() => webhook().parse(given, body), WebhookRefused);
      assert.throws(() => webhook().parse(...signed(body)), WebhookRefused);
    }
  });

  test("five minutes either way are nothing", () => {
    for (const age of [-300, 0, 300]) assert(webhook().parse(at(NOW_S - age), BODY));
    const patient = new Webhook(SECRET, { now: () => (NOW_S + 3_600) * 1_000, toleranceMs: 3_600_000 });
    assert(patient.parse(at(NOW_S), BODY));
  });

  for (const secret of ["", "whsec_", "whsec_!!!", "whsec_AAA", "a-value-of-yours", SECRET.slice(6)])
    test(`what is no secret is told at once: ${secret.slice(0, 9)}`, () => {
      assert.throws(() => new Webhook(secret), (error: Error) => /signing secret/.test(error.message));
    });

  test("without a secret there is nothing to verify", () => {
    assert.throws(() => new Webhook([]), /needs a signing secret/);
  });

  test("a body is taken as bytes or as text, and not as what was made of it", () => {
    const given = headers([signature(SECRET)]);
    for (const body of [BODY, Buffer.from(BODY), BODY.slice().buffer as ArrayBuffer, new TextDecoder().decode(BODY)])
      assert.equal(webhook().parse(given, body).kind, "status_changed");
    assert.throws(() => webhook().parse(given, CHANGE as unknown as string), /as it came/);
  });

  test("headers are taken as everybody has them", () => {
    const given = headers([signature(OTHER), signature(SECRET)]);
    const lists = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.split(" ")]));
    for (const form of [given, new Headers(given), new Map(Object.entries(given)), lists])
      assert.equal(webhook().parse(form, BODY).kind, "status_changed");
  });

  const LINK = { client_id: "c", link_id: "l", product_request_ids: ["r"], occurred_at: "2026-04-16T09:20:00" };
  const DUE = {
    client_id: "c", product_request_id: "r", product: "cards_individuals", due_at: "2026-04-16T23:59:59", days_left: 3,
    reasons: ["a_reason_of_tomorrow"], consequence: "a_consequence_of_tomorrow",
    consequence_at: "2026-05-16T23:59:59", rejected_items: [], occurred_at: "2026-04-16T09:20:00", more: 1,
  };
  const ERASED = {
    client_id: "c", erasure_id: "e", cause: "a_cause_of_tomorrow", requested_at: "2026-04-16T09:20:00",
    erased_at: "2026-04-16T09:20:00", receipt_sha256: "0".repeat(64), occurred_at: "2026-04-16T09:20:00",
  };
  for (const [event_type, data, kind] of [
    ["onboarding_finished", LINK, "onboarding"],
    ["renewal_opened", DUE, "renewal"],
    ["client_erased", ERASED, "erasure"],
    ["webhook_test", { occurred_at: "2026-04-16T09:20:00" }, "test"],
    ["an_event_of_tomorrow", { anything: [1] }, "unknown"],
  ] as const)
    test(`each event has its kind and tomorrow's words are taken: ${kind}`, () => {
      const body = JSON.stringify({ ...CHANGE, event_type, data });
      const event: Event = webhook().parse(headers([signature(SECRET, body)]), body);
      assert.equal(event.kind, kind);
      if (event.kind === "renewal") assert.equal(event.data.consequence, "a_consequence_of_tomorrow");
    });

  test("deliveries of a service are read over a rotation", async () => {
    const came: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
    const endpoint = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      came.push({ headers: request.headers, body: Buffer.concat(pieces) });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
    const { port } = endpoint.address() as { port: number };
    const until = async (count: number): Promise<void> => {
      for (let turn = 0; came.length < count && turn < 1_200; turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(came.length, count);
    };
    const ostiary = connect(undefined, {}, await ask<string>("fresh_key"));
    assert.equal((await ostiary.webhook.read()).webhook_url, undefined);
    await ostiary.webhook.subscribe(`http://127.0.0.1:${port}/hook`, "a-value-of-ours", { includeSequence: true });
    assert.equal((await ostiary.webhook.changeKey("another")).webhook_key, "another");
    const old = await ostiary.webhook.signingSecret();
    const probe = await ostiary.webhook.sendTest();
    await until(1);
    const [first] = came;
    assert(first);
    const tested = new Webhook(old).parse(first.headers, first.body);
    assert(tested.kind === "test" && tested.operation_id === probe.id);
    const { signing_secret: fresh } = await ostiary.webhook.rotateSigningSecret({ overlapHours: 1 });
    const request = await submitted("AB", {}, ostiary);
    await until(3);
    for (const secrets of [[old], [fresh], [fresh, old]]) {
      const changes = came.slice(1).map((each) => new Webhook(secrets).parse(each.headers, each.body));
      const statuses = changes.map((event) => (event.kind === "status_changed" ? event.data.status : event.kind));
      assert.deepEqual(statuses, ["in_kyc", "enabled"]);
      const [change] = changes;
      assert(change?.kind === "status_changed");
      assert.equal((await ostiary.products.read(change.data)).id, request.id);
    }
    const listed = await everything(ostiary.webhook.deliveries({ productRequestId: request.id, pageSize: 1 }));
    assert.equal(listed.length, 2);
    const delivery = await ostiary.webhook.delivery(listed.at(-1)?.id ?? "");
    assert.equal((delivery.payload["data"] as { sequence: number }).sequence, 2);
    assert.equal(delivery.attempts[0]?.status, 204);
    assert.equal((await ostiary.webhook.redeliver(delivery.id)).id, delivery.id);
    assert.equal((await ostiary.webhook.health()).state, "working");
    await ostiary.webhook.end();
    assert.equal((await ostiary.webhook.read()).webhook_url, undefined);
    endpoint.close();
    endpoint.closeAllConnections();
  });
});
