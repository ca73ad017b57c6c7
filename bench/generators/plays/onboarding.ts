// What every generated client has to get through: a client, a product, a passport, submit, and the verdict.
import { readFileSync } from "node:fs";

export const base = process.env.OSTIARY_URL!;
export const headers = { "x-api-key": process.env.OSTIARY_API_KEY! };
const picture = readFileSync(process.env.PICTURE!).toString("base64");

export const person = () => ({
  first_name: "Maria", last_name: "Barber", email: `maria.${process.pid}.${Date.now()}@example.com`,
  birth_date: "1984-11-21", phone_country_code: 54, phone_number: 1168860622,
  address: { street_line1: "Florida 9860", city: "Del Viso", state: "ARG-B", country: "ARG" },
  occupation: "Teacher",
});
export const document = () => ({
  document: {
    document_type: "passport" as const,
    metadata: { number: `P${process.pid}${Date.now() % 1_000_000}`, issuing_country: "ARG", expiration_date: "2031-01-01" },
    image_front: picture,
  },
});
export const wanted = "cards_individuals" as const;

export interface Request { id: string; status: string; explain?: { applies: boolean | "undecided" }[] }
export interface Api {
  create(): Promise<{ id: string } | undefined>;
  ask(client: string): Promise<Request | undefined>;
  send(client: string, request: string): Promise<{ product: Request; rejected_items: { code: string }[] } | undefined>;
  submit(client: string, request: string): Promise<{ product: Request; rejected_items: { code: string }[] } | undefined>;
  read(client: string, request: string): Promise<Request | undefined>;
}

export async function play(api: Api): Promise<void> {
  const client = (await api.create())!.id;
  const request = (await api.ask(client))!.id;
  for (const judged of [await api.send(client, request), await api.submit(client, request)])
    if (judged!.rejected_items.length) throw new Error(JSON.stringify(judged));
  for (let tries = 0; tries < 150; tries++) {
    const seen = (await api.read(client, request))!;
    if (seen.status === "enabled" && seen.explain!.length > 0) return void console.log("enabled");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("not enabled");
}
