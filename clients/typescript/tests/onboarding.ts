// Whole onboardings, every scenario of the sandbox among them.

import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import {
  EndedOtherwise,
  InvalidState,
  Missing,
  type NewDocument,
  NotFound,
  type Picture,
  Reason,
  Status,
  ValidationFailed,
  WaitedTooLong,
} from "@ostiary/client";

import { everything, failing, FOLDER, ostiary, passport, PATIENCE_MS, picture, someone, submitted } from "./world.js";

describe("onboarding", { concurrency: 4 }, () => {
  test("what is missing leads to an enabled product", async () => {
    let client = await ostiary.clients.create(someone({ phone_country_code: undefined, phone_number: undefined }));
    let request = await ostiary.products.request(client, "cards_individuals");
    const group = request.missing.next();
    assert(group?.kind === "data");
    assert.deepEqual(group.fields.map((field) => field.key), ["phone"]);
    client = await ostiary.clients.update(client.changed({ phone_country_code: 54, phone_number: 1168860622 }));
    request = await ostiary.products.read(request);
    const wanted = request.missing.next();
    assert(wanted?.kind === "document");
    assert(wanted.valid_documents.some((kind) => kind.id === "passport"));
    const judged = await ostiary.products.upload(request, await passport("AB"));
    assert.deepEqual(judged.rejected_items, []);
    assert.equal(judged.product.missing.next(), undefined);
    assert.equal(judged.product.missing.length, 0);
    await ostiary.products.submit(request);
    const enabled = await ostiary.products.waitUntil(request, Status.ENABLED, { withinMs: PATIENCE_MS });
    assert.equal(enabled.status, "enabled");
    assert.equal((await ostiary.clients.read(client)).status, "active");
  });

  const ENDINGS: Readonly<Record<string, Status>> = {
    REJECT1: "rejected",
    FORGED1: "rejected",
    EXPIRED1: "pending_documentation",
    RETRY1: "pending_documentation",
    AB1234567: "enabled",
  };
  for (const [number, status] of Object.entries(ENDINGS))
    test(`a document's number chooses the verdict: ${number}`, async () => {
      const request = await submitted(number);
      const ended = await ostiary.products.waitUntil(request, status, { withinMs: PATIENCE_MS });
      assert.equal(ended.status, status);
      if (status === "rejected") assert(ended.rejection_description);
      if (number === "EXPIRED1")
        assert.deepEqual(ended.rejected_items?.map((item) => item.code), [Reason.DOCUMENT_EXPIRED]);
    });

  test("what came back is sent again and enabled", async () => {
    const request = await submitted("RETRY7");
    const back = await failing(EndedOtherwise, ostiary.products.waitUntil(request, "enabled", { withinMs: PATIENCE_MS }));
    const [item] = back.product.rejected_items ?? [];
    assert.deepEqual([item?.code, item?.field, item?.retryable], ["image_not_readable", "image_front", true]);
    await ostiary.products.upload(request, await passport("RETRY7"));
    const { product } = await ostiary.products.submit(request);
    const ended = await ostiary.products.waitUntil(product, ["enabled", "rejected"], { withinMs: PATIENCE_MS });
    assert.equal(ended.status, "enabled");
  });

  for (const [number, last_name] of [["REVIEW1", "Barber"], ["AB7654321", "Sanctioned"]] as const)
    test(`what a person reviews takes longer than one waits: ${number} of ${last_name}`, async () => {
      const request = await submitted(number, { last_name });
      const waiting = ostiary.products.waitUntil(request, ["enabled", "rejected"], { withinMs: 300 });
      const late = await failing(WaitedTooLong, waiting);
      assert.equal(late.product.status, "in_kyc");
      const rejected = await ostiary.sandbox.simulate(request, "rejected", { reason: "no" });
      assert.equal(rejected.status, "rejected");
      await failing(EndedOtherwise, ostiary.products.waitUntil(request, "enabled", { withinMs: 300 }));
    });

  test("a slow verdict is waited for, until one does not want to any more", async () => {
    const request = await submitted("SLOW1");
    await failing(WaitedTooLong, ostiary.products.waitUntil(request, "enabled", { withinMs: 100 }));
    const tired = AbortSignal.timeout(100);
    const waiting = ostiary.products.waitUntil(request, "enabled", { signal: tired });
    assert.equal((await failing(DOMException, waiting)).name, "TimeoutError");
    assert.equal((await ostiary.sandbox.simulate(request, "enabled")).status, "enabled");
  });

  test("scenarios are those that are played here", async () => {
    const names = (await ostiary.sandbox.scenarios()).map((scenario) => scenario.id);
    assert.deepEqual(names.sort(), ["expired", "forged", "listed", "reject", "retry", "review", "slow", "usual"]);
  });

  const SOURCES: Readonly<Record<string, (path: string, bytes: Uint8Array<ArrayBuffer>) => Picture>> = {
    path: (path) => path,
    url: (path) => pathToFileURL(path),
    bytes: (_, bytes) => bytes,
    buffer: (_, bytes) => bytes.buffer,
    blob: (_, bytes) => new Blob([bytes]),
    file: (_, bytes) => new File([bytes], "front.jpg"),
    "a stream of fetch": (_, bytes) => new Blob([bytes]).stream(),
    "a stream of Node.js": (path) => createReadStream(path),
  };
  for (const [source, pictureOf] of Object.entries(SOURCES))
    test(`a picture comes from anywhere and tells how far it is: ${source}`, async () => {
      const path = join(FOLDER, `${source}.jpg`);
      const bytes = new Uint8Array([...(await picture()), ...new Uint8Array(200_000)]); // after a JPEG's end
      await writeFile(path, bytes);
      const client = await ostiary.clients.create(someone());
      const request = await ostiary.products.request(client, "cards_individuals");
      const steps: [number, number][] = [];
      const document: NewDocument = { ...(await passport("P")), front: pictureOf(path, bytes) };
      const progress = (sent: number, total: number): void => void steps.push([sent, total]);
      const judged = await ostiary.products.upload(request, document, { progress });
      assert.deepEqual(judged.rejected_items, []);
      const total = steps.at(-1)?.[1];
      assert.deepEqual([steps[0], steps.at(-1)], [[0, total], [total, total]]);
      assert.deepEqual(steps, steps.toSorted((one, other) => one[0] - other[0]));
      assert(steps.length > 3);
    });

  test("refused pictures say why, in the language asked for", async () => {
    const client = await ostiary.clients.create(someone());
    const request = await ostiary.products.request(client, "cards_individuals");
    const nothing = { ...(await passport("P")), front: new TextEncoder().encode("no picture") };
    const judged = await ostiary.products.upload(request, nothing);
    assert.deepEqual(judged.rejected_items.map((item) => item.code), ["image_not_readable"]);
    assert.equal(judged.product.missing.documents.length, 1);
    const without = await ostiary.products.upload(request, { documentType: "passport" }, { language: "es" });
    const front = without.rejected_items.find((item) => item.code === Reason.MISSING_FRONT);
    assert.equal(front?.action, "Envíe el anverso del documento como image_front.");
  });

  test("what is no picture is told before it is sent", async () => {
    const request = { client_id: "c", id: "r" };
    const upload = (front: unknown): Promise<unknown> =>
      ostiary.products.upload(request, { documentType: "passport", front: front as Picture });
    assert.match((await failing(TypeError, upload(7))).message, /bytes, a Blob, a stream/);
    const text = createReadStream(new URL(import.meta.url), "utf8");
    assert.match((await failing(TypeError, upload(text))).message, /of bytes, not of text/);
    const huge = { size: 2 ** 30 } as Blob;
    await failing(TypeError, upload(Object.setPrototypeOf(huge, Blob.prototype)));
    assert.equal((await failing(Error, upload(join(FOLDER, "none.jpg")))).message.startsWith("ENOENT"), true);
  });

  test("a clock is moved to the end of its way", async () => {
    const before = await ostiary.sandbox.clock();
    const after = await ostiary.sandbox.advance("P2D");
    const off = 2 * 86_400 - (after.ahead_s - before.ahead_s);
    assert(off >= 0 && off <= 1, "whole seconds are shown");
    assert.deepEqual([after.moving_to, "resumed" in after], [undefined, false]);
    const mine = { idempotencyKey: "mine" };
    assert.match((await failing(TypeError, ostiary.sandbox.advance("P1D", mine))).message, /several calls/);
  });

  test("a request is withdrawn and listed", async () => {
    const client = await ostiary.clients.create(someone());
    const request = await ostiary.products.request(client, "cards_individuals");
    const named = { client_id: client.id, product_request_id: request.id }; // as the data of an event
    assert.equal((await ostiary.products.withdraw(named)).status, "rejected");
    assert.deepEqual((await ostiary.products.of(client)).map((each) => each.id), [request.id]);
    const ids: string[] = [];
    for await (const each of ostiary.products.list({ status: "rejected", pageSize: 1 })) {
      ids.push(each.id);
      if (each.id === request.id) break;
    }
    assert(ids.includes(request.id));
    for await (const deadline of ostiary.products.renewals({ pageSize: 1 })) assert.notEqual(deadline.client_id, client.id);
  });

  test("terms say what they lack", async () => {
    const client = await ostiary.clients.create(someone());
    assert.deepEqual(await ostiary.terms.accepted(client), []);
    await failing(NotFound, ostiary.terms.read("no_such_terms", { language: "en" }));
    await failing(NotFound, ostiary.terms.proof(client, "0".repeat(32)));
    const accepting = ostiary.terms.accept(client, {
      terms_id: "general", version: "1", language: "en", sha256: "0".repeat(64), channel: "web",
      accepted_by: { name: "Maria", capacity: "self" }, accepted_at: "2026-04-15T10:30:00",
    });
    const refused = await failing(Error, accepting);
    assert(refused instanceof InvalidState || refused instanceof ValidationFailed);
  });

  test("a link leads a client to the page", async () => {
    const client = await ostiary.clients.create(someone());
    const request = await ostiary.products.request(client, "cards_individuals");
    const link = await ostiary.links.create(request);
    assert(link.url);
    assert.deepEqual((await ostiary.links.of(client)).map((each) => each.id), [link.id]);
    await ostiary.links.revoke(client, link.id);
    assert.equal((await ostiary.links.read(client, link.id)).status, "revoked");
  });

  test("the catalogue says what a form needs", async () => {
    const catalogue = await ostiary.catalogue.read({ country: "ARG" });
    assert(catalogue.products.some((product) => product.id === "cards_individuals"));
    assert.equal(catalogue.limits.max_picture_bytes, 12_000_000);
  });

  test("a request as JSON has the fields that came, and no more", async () => {
    const client = await ostiary.clients.create(someone());
    const request = await ostiary.products.request(client, "cards_individuals", { expand: ["next_action", "terms"] });
    assert(request.missing instanceof Missing);
    assert.equal("missing" in JSON.parse(JSON.stringify(request)), false);
    assert.deepEqual([...request.missing].map((item) => item.kind), ["document"]);
    assert(request.next_action?.owner);
  });

  test("what was read from a chip is looked at and taken", async () => {
    const client = await ostiary.clients.create(someone());
    const request = await ostiary.products.request(client, "cards_individuals", { expand: ["chip"] });
    const kind = request.missing.documents[0]?.valid_documents.find(({ id }) => id === "passport");
    assert.equal(kind?.chip?.wanted, "optional");
    const names = ["sod", "dg1", "dg11"];
    const files = Object.fromEntries(names.map((name) => [name, join(FOLDER, "chip", `${name}.bin`)]));
    const document = await passport("UT");
    const metadata = { ...document.metadata, issuing_country: "ARG" };
    const upload = (changed: Readonly<Record<string, Picture | undefined>>) =>
      ostiary.products.upload(request, {
        ...document, metadata, chip: { files: { ...files, ...changed } as Record<string, Picture> },
      });
    const broken = await upload({ dg1: files["dg11"] });
    assert.deepEqual(new Set(broken.rejected_items.map((item) => item.code)), new Set([Reason.CHIP_DATA_INVALID]));
    const challenge = await ostiary.products.chipChallenge(request);
    assert.equal(Buffer.from(challenge.challenge, "hex").length, 8);
    assert.deepEqual((await upload({})).rejected_items, []);
    const odd = upload({ 'sod"; filename="': files["sod"] });
    assert.match((await failing(TypeError, odd)).message, /are called sod/);
  });

  test("a file of clients is checked, started and done row by row", async () => {
    const head = "row_key,first_name,last_name,email,birth_date,address.street_line1,address.city,address.country";
    const row = (key: string, email: string): string =>
      `${key},Maria,Barber,${email},1984-11-21,Florida 9860,Del Viso,ARG`;
    const path = join(FOLDER, "clients.csv");
    const lines = [head, row("a", "first.row@example.com"), row("b", "no address"), row("c", "third.row@example.com")];
    await writeFile(path, `${lines.join("\n")}\n`);
    assert.match(Buffer.from(await ostiary.imports.template()).toString(), /address.country/);
    const handed: number[] = [];
    const sent = await ostiary.imports.create(path, { progress: (bytes) => void handed.push(bytes) });
    const checked = await ostiary.imports.settled(sent, { withinMs: PATIENCE_MS });
    assert.deepEqual([checked.status, checked.rows.good, checked.rows.faulty], ["checked", 2, 1]);
    assert(handed.at(-1));
    await ostiary.imports.start(checked);
    const done = await ostiary.imports.settled(checked.id);
    assert.deepEqual([done.status, done.rows.done, done.rows.total], ["done", 2, 3]);
    assert.match(Buffer.from(await ostiary.imports.faults(done)).toString(), /b,.*email/s);
    assert.deepEqual(await ostiary.imports.read(done.id), done);
    assert((await everything(ostiary.imports.list({ pageSize: 1 }))).some((each) => each.id === done.id));
    assert.equal((await everything(ostiary.clients.list({ email: "first.row@example.com" }))).length, 1);
    await failing(InvalidState, ostiary.imports.start(done));
    const other = await ostiary.imports.create(new Blob([`${head}\n${row("d", "fourth.row@example.com")}\n`]));
    await ostiary.imports.settled(other);
    assert.equal((await ostiary.imports.cancel(other)).status, "cancelled");
  });
});
