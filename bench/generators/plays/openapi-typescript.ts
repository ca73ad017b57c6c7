import createClient from "openapi-fetch";
import type { paths } from "../made/openapi-typescript.d.ts";
import { base, document, headers, person, play, wanted } from "./onboarding.ts";

const api = createClient<paths>({ baseUrl: base, headers });
const at = (clientId: string, productRequestId: string) => ({ params: { path: { clientId, productRequestId } } });
const one = "/management/clients/individuals/{clientId}/products/{productRequestId}" as const;
await play({
  create: async () => (await api.POST("/management/clients/individuals", { body: person() })).data,
  ask: async (clientId) =>
    (await api.POST("/management/clients/individuals/{clientId}/products", {
      params: { path: { clientId } }, body: { subproduct: wanted },
    })).data,
  send: async (client, request) => (await api.POST(`${one}/documentation`, { ...at(client, request), body: document() })).data,
  submit: async (client, request) => (await api.POST(`${one}/submit`, at(client, request))).data,
  read: async (clientId, productRequestId) =>
    (await api.GET(one, {
      params: { path: { clientId, productRequestId }, query: { expand: ["explain", "next_action"] } },
    })).data,
});
