// A whole integration: a client is made, asked for what is missing, and has a product in the end.
//
//     npm install ./ostiary-client-0.1.0.tgz typescript && npx tsc --module nodenext --target es2022 integration.mts
//     OSTIARY_URL=... OSTIARY_API_KEY=... PICTURE=passport.jpg node integration.mjs
import { type NewClient, Ostiary, ValidationFailed } from "@ostiary/client";

declare const process: { readonly env: Readonly<Record<string, string>> };
const { OSTIARY_URL = "", OSTIARY_API_KEY = "", PICTURE = "" } = process.env;
const PERSON: NewClient = {
  first_name: "Maria",
  last_name: "Barber",
  email: `maria.${Date.now()}@example.com`,
  birth_date: "1984-11-21",
  address: { street_line1: "Florida 9860", city: "Del Viso", country: "ARG" },
};
const ANSWERS = { phone_country_code: 54, phone_number: 1168860622 }; // what your form asks for, when it is asked for

const ostiary = new Ostiary(OSTIARY_URL, OSTIARY_API_KEY);
let client = await ostiary.clients.create(PERSON).catch((refused: unknown) => {
  if (refused instanceof ValidationFailed) console.log(refused.faultsByField); // every field, with its faults
  throw refused;
});
let request = await ostiary.products.request(client, "cards_individuals");
for (let wanted = request.missing.next(); wanted; wanted = request.missing.next()) {
  if (wanted.kind === "data") {
    console.log("asked for", wanted.fields.map((field) => field.key).join());
    client = await ostiary.clients.update(client.changed(ANSWERS));
    request = await ostiary.products.read(request);
  } else if (wanted.kind === "document") {
    const documentType = wanted.valid_documents[0]?.id ?? "";
    console.log("sending a", documentType);
    const document = { documentType, front: PICTURE, metadata: { number: `AB${Date.now() % 1e8}` } };
    const judged = await ostiary.products.upload(request, document, { progress: (sent, total) => void [sent, total] });
    for (const item of judged.rejected_items) throw new Error(`${item.field}: ${item.reason} ${item.action}`);
    request = judged.product;
  }
}
({ product: request } = await ostiary.products.submit(request));
request = await ostiary.products.waitUntil(request, "enabled", { withinMs: 120_000 });
console.log("now", request.status);
