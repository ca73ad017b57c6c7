// A receiver of webhooks with Express: verifies, keeps each event once, answers at once, and handles it afterwards.
//
//     npm install express
//     SECRETS=whsec_... node examples/express_receiver.mjs 8090
//
// SECRETS has the answer of GET /management/companies/webhook/signing-secret; two with a comma between while a secret
// is replaced. Replace `handle`. Each event is a file before it is answered: a process that is killed handles it later.
// With a database, a table whose key is the event's id does the same, also for several processes.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { link, mkdir, open, readdir, readFile, unlink, writeFile } from "node:fs/promises";
import express from "express";

const KEYS = (process.env.SECRETS ?? "").split(",").map((secret) => {
  const [, text] = /^whsec_([0-9A-Za-z+/]+=*)$/.exec(secret) ?? [];
  if (!text) throw new Error("SECRETS must be whsec_ and base64 each: with an empty one everybody could sign");
  return Buffer.from(text, "base64");
});
const FOLDER = process.env.FOLDER ?? "events", OLDEST_S = 300;

function isGenuine(request) {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) => request.get(`webhook-${name}`) ?? "");
  if (!/^[0-9A-Za-z]{1,64}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return false; // the id becomes a file's name
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > OLDEST_S || !Buffer.isBuffer(request.body)) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), request.body]);
  return KEYS.some((key) => {
    const expected = Buffer.from("v1," + createHmac("sha256", key).update(signed).digest("base64"));
    const given = signatures.split(" ").slice(0, 10).map((signature) => Buffer.from(signature));
    return given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
  });
}

/** What your program does with it; also with types that it does not know, which is nothing. */
async function handle(event) {
  console.log(event.event_type, event.operation_id, JSON.stringify(event.data));
}

/** Once, however often it comes: the name is given once, to a file that is whole and on disk. */
async function keep(id, body) {
  const whole = `${FOLDER}/${randomUUID()}.coming`;
  const file = await open(whole, "wx");
  await file.writeFile(body);
  await file.sync();
  await file.close();
  await link(whole, `${FOLDER}/${id}.json`).catch((problem) => {
    if (problem.code !== "EEXIST") throw problem;
  });
  await unlink(whole);
}

let waiting = Promise.resolve(); // one after another
function handleWhatWaits() {
  waiting = waiting.then(async () => {
    const names = new Set(await readdir(FOLDER));
    for (const name of [...names].filter((each) => each.endsWith(".json") && !names.has(`${each}.done`)).sort()) {
      await handle(JSON.parse(await readFile(`${FOLDER}/${name}`)));
      await writeFile(`${FOLDER}/${name}.done`, ""); // beside it: while the event's own name stays, it comes no second time
    }
  }).catch((problem) => console.error(problem)); // it stays, and is tried again with the next
}

await mkdir(FOLDER, { recursive: true });
handleWhatWaits();
const app = express();
app.post("/hooks", express.raw({ type: "*/*", limit: "1mb" }), async (request, response) => {
  if (!isGenuine(request)) return response.sendStatus(401);
  await keep(request.get("webhook-id"), request.body);
  response.sendStatus(204);
  handleWhatWaits();
});
app.listen(Number(process.argv[2]), "127.0.0.1");
