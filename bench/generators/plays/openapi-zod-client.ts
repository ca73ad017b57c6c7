import { createApiClient } from "../made/openapi-zod-client";
import { base, document, headers, person, play, wanted } from "./onboarding.ts";

const api = createApiClient(base, { axiosConfig: { headers } });
const at = (clientId: string, productRequestId: string) => ({ params: { clientId, productRequestId } });
await play({
  create: () => api.create_client(person()),
  ask: (clientId) => api.request_product({ subproduct: wanted }, { params: { clientId } }),
  send: (c, r) => api.complete_documentation(document(), at(c, r)),
  submit: (c, r) => api.submit_product({}, at(c, r)),
  read: (c, r) => api.read_product({ ...at(c, r), queries: { expand: ["explain", "next_action"] } }),
});
