import * as api from "../made/orval";
import { base, document, headers, person, play, wanted } from "./onboarding.ts";

const fetched = globalThis.fetch;
globalThis.fetch = (url, options) => fetched(new URL(String(url), base), options); // orval's functions have no base
const good = <T extends { status: number; data?: unknown }, S extends number>(answer: T, status: S) => {
  if (answer.status !== status) throw new Error(JSON.stringify(answer));
  return (answer as Extract<T, { status: S }>).data as Extract<T, { status: S }>["data"];
};
const with_ = { headers };
const json = { headers: { ...headers, "content-type": "application/json" } }; // not said where there is a choice
await play({
  create: async () => good(await api.createClient(person(), undefined, with_), 201),
  ask: async (c) => good(await api.requestProduct(c, { subproduct: wanted }, undefined, with_), 201),
  send: async (c, r) => good(await api.completeDocumentation(c, r, document(), undefined, json), 200),
  submit: async (c, r) => good(await api.submitProduct(c, r, {}, undefined, with_), 200),
  read: async (c, r) => good(await api.readProduct(c, r, { expand: ["explain", "next_action"] }, with_), 200),
});
