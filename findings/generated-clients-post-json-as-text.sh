#!/bin/bash
# Three generators of TypeScript clients (kubb@4.39.3, orval@7.13.2, hey-api@0.99.0) on the same small, valid OpenAPI 3.1 text.
#
# Expected: where a request's body is `application/json`, the generated function says so in `content-type`; where the
#   operation takes `multipart/form-data` as well, a function that sends JSON says `application/json` all the same.
# What happens: kubb's own fetch client never says it, so `fetch` sends the JSON as `text/plain;charset=UTF-8`; orval's says it
#   for a body of one kind, and sends text/plain as soon as there is a choice. hey-api says it in both. All three make
#   the clients without a warning.
# Why it matters: operations of onboarding that take a document's pictures either way refuse the generated client with 415,
#   and a service that guesses takes it; integrators look for the fault in their data.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >package.json <<'JSON'
{"name": "posts", "private": true, "type": "module", "dependencies": {
  "@hey-api/openapi-ts": "0.99.0", "@kubb/cli": "4.39.3", "@kubb/core": "4.39.3", "@kubb/plugin-client": "4.39.3",
  "@kubb/plugin-oas": "4.39.3", "@kubb/plugin-ts": "4.39.3", "orval": "7.13.2", "tsx": "4.23.15", "typescript": "5.9.3"}}
JSON
npm install --silent --no-audit --no-fund
python3 - <<'PY'
import json

person = {"$ref": "#/components/schemas/Person"}
as_json = {"application/json": {"schema": person}}
picture = {"type": "object", "properties": {"picture": {"type": "string", "format": "binary"}}}


def operation(name, content):
    taken = {"200": {"description": "taken", "content": as_json}}
    return {"post": {"operationId": name, "requestBody": {"required": True, "content": content}, "responses": taken}}


description = {
    "openapi": "3.1.0", "info": {"title": "Clients", "version": "1"},
    "paths": {
        "/clients": operation("createClient", as_json),
        "/documents": operation("sendDocument", as_json | {"multipart/form-data": {"schema": picture}}),
    },
    "components": {"schemas": {"Person": {
        "type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}},
}
with open("openapi.json", "w") as file:
    json.dump(description, file)
PY
cat >kubb.config.ts <<'TS'
import { defineConfig } from "@kubb/core";
import { pluginClient } from "@kubb/plugin-client";
import { pluginOas } from "@kubb/plugin-oas";
import { pluginTs } from "@kubb/plugin-ts";

export default defineConfig({
  root: ".", input: { path: "./openapi.json" }, output: { path: "./made/kubb", clean: true, format: false },
  plugins: [pluginOas({ validate: false }), pluginTs(), pluginClient({ client: "fetch" })],
});
TS
cat >play.ts <<'TS'
import http from "node:http";
import type { AddressInfo } from "node:net";

const came: string[] = [];
const server = http.createServer((request, answer) => {
  came.push(String(request.headers["content-type"]));
  request.pipe(answer.writeHead(200, { "content-type": "application/json" }));
});
await new Promise<void>((ready) => server.listen(0, "127.0.0.1", () => ready()));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const fetched = globalThis.fetch; // orval's functions have no base
globalThis.fetch = (to, options) => fetched(to instanceof Request ? to : new URL(String(to), base), options);
const person = { name: "Ana" };
const kubb = await import("./made/kubb/index.ts");
const orval: any = await import("./made/orval.ts");
const hey = await import("./made/hey-api/sdk.gen.ts");
await kubb.createClient(person, { baseURL: base });
await kubb.sendDocument(person, { baseURL: base });
await orval.createClient(person);
await orval.sendDocument(person);
await hey.createClient({ body: person, baseUrl: base });
await hey.sendDocument({ body: person, baseUrl: base });
server.close();
server.closeAllConnections();
const text = "text/plain;charset=UTF-8", json = "application/json";
const expected = [text, text, json, text, json, json];
["kubb", "orval", "hey-api"].forEach((name, at) =>
  console.log(`${name.padEnd(8)} JSON alone: ${came[2 * at].padEnd(25)} JSON or a form: ${came[2 * at + 1]}`));
if (came.join() !== expected.join()) throw new Error("the behaviour changed");
TS
programs=node_modules/.bin
$programs/kubb generate >log 2>&1 || { cat log; exit 2; }
$programs/orval --input openapi.json --output made/orval.ts --client fetch >log 2>&1 || { cat log; exit 2; }
$programs/openapi-ts -i openapi.json -o made/hey-api -c @hey-api/client-fetch >log 2>&1 || { cat log; exit 2; }
echo "kubb 4.39.3, orval 7.13.2, hey-api 0.99.0, OpenAPI 3.1.0"
$programs/tsx play.ts
