import * as api from "../made/oazapfts";
import { base, document, headers, person, play, wanted } from "./onboarding.ts";

Object.assign(api.defaults, { baseUrl: base, headers });
const good = <T extends { status: number; data?: unknown }, S extends number>(answer: T, status: S) => {
  if (answer.status !== status) throw new Error(JSON.stringify(answer));
  return (answer as Extract<T, { status: S }>).data as Extract<T, { status: S }>["data"];
};
await play({
  create: async () => good(await api.createClient(person()), 201),
  ask: async (c) => good(await api.requestProduct(c, { subproduct: wanted }), 201),
  send: async (c, r) => good(await api.completeDocumentation(c, r, document()), 200),
  submit: async (c, r) => good(await api.submitProduct(c, r), 200),
  read: async (c, r) => good(await api.readProduct(c, r, { expand: ["explain", "next_action"] }), 200),
});
