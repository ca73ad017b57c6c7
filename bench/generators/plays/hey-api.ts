import { client } from "../made/hey-api/client.gen";
import { completeDocumentation, createClient, readProduct, requestProduct, submitProduct } from "../made/hey-api/sdk.gen";
import { base, document, headers, person, play, wanted } from "./onboarding.ts";

client.setConfig({ baseUrl: base, headers });
const at = (clientId: string, productRequestId: string) => ({ path: { clientId, productRequestId } });
await play({
  create: async () => (await createClient({ body: person() })).data,
  ask: async (clientId) => (await requestProduct({ path: { clientId }, body: { subproduct: wanted } })).data,
  send: async (c, r) => (await completeDocumentation({ ...at(c, r), body: document() })).data,
  submit: async (c, r) => (await submitProduct(at(c, r))).data,
  read: async (c, r) => (await readProduct({ ...at(c, r), query: { expand: ["explain", "next_action"] } })).data,
});
