import { completeDocumentation, createClient, readProduct, requestProduct, submitProduct } from "../made/kubb";
import { base, document, headers, person, play, wanted } from "./onboarding.ts";

const to = { baseURL: base, headers: { ...headers, "content-type": "application/json" } }; // it says none of its own
await play({
  create: () => createClient(person(), undefined, undefined, to),
  ask: (c) => requestProduct(c, { subproduct: wanted }, undefined, undefined, to),
  send: (c, r) => completeDocumentation(c, r, document(), undefined, undefined, to),
  submit: (c, r) => submitProduct(c, r, {}, undefined, undefined, to),
  read: (c, r) => readProduct(c, r, { expand: ["explain", "next_action"] }, undefined, to),
});
