// A receiver of webhooks for Node 18 or newer, without packages: checks the signature, passes over what came before.
//
//     SECRET=whsec_... node examples/receiver.mjs 8090
//
// SECRET is the answer of GET /management/companies/webhook/signing-secret. Replace `handle`; the rest is the protocol
// (docs/integrating.md, Webhooks). With a framework, take care to get the body's bytes as they came.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const [, SECRET] = /^whsec_([0-9A-Za-z+/]+=*)$/.exec(process.env.SECRET ?? "") ?? [];
if (!SECRET) throw new Error("SECRET must be whsec_ and base64: with an empty one everybody could sign");
const KEY = Buffer.from(SECRET, "base64");
const MOST_BYTES = 1_000_000, OLDEST_S = 300;
const seen = new Set(); // of ids; yours belong into your database, in the transaction that handles the event

function isGenuine(headers, body) {
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > OLDEST_S) return false;
  const signed = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${timestamp}.`), body]);
  const expected = Buffer.from("v1," + createHmac("sha256", KEY).update(signed).digest("base64"));
  const signatures = (headers["webhook-signature"] ?? "").split(" "); // two while a secret is replaced
  return signatures.map((one) => Buffer.from(one)).some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

/** What your program does with it; 2xx also for types that it does not know. */
function handle(event) {
  console.log(event.event_type, event.status, JSON.stringify(event.data));
}

async function receive(request, response) {
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > MOST_BYTES) return response.writeHead(413, { connection: "close" }).end();
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces);
  const genuine = isGenuine(request.headers, body);
  const id = request.headers["webhook-id"];
  if (genuine && !seen.has(id)) { // a delivery may come more than once
    handle(JSON.parse(body));
    seen.add(id);
  }
  response.writeHead(genuine ? 204 : 401).end();
}

createServer((request, response) => {
  receive(request, response).catch((problem) => { // who hangs up in the middle ends nothing but its own call
    console.error(problem.message);
    response.destroy();
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
