// What the tests have before them: a real service, whose process answers questions, and clients of it.

import { type ClientOptions, type NewClient, type NewDocument, Ostiary, type Product, type Retries } from "@ostiary/client";

function demanded(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are begun by tests/acceptance/typescript_client`);
  return value;
}

export const URL_OF_SERVICE = demanded("OSTIARY_URL");
export const KEY = demanded("OSTIARY_API_KEY");
export const FOLDER = demanded("TESTS_FOLDER");
const DESK = demanded("TESTS_DESK");

export const QUICK: Retries = { firstWaitMs: 20, longestWaitMs: 100 };
export const PATIENT: Retries = { most: 200, longestWaitMs: 500 };
export const PATIENCE_MS = 120_000;

/** Asks the process that began these tests. */
export async function ask<Answer>(question: string, about: object = {}): Promise<Answer> {
  const answer = await fetch(`${DESK}/${question}`, { method: "POST", body: JSON.stringify(about) });
  if (!answer.ok) throw new Error(`${question}: ${answer.status}`);
  return (await answer.json()) as Answer;
}

/** What becomes of a call. `status` left out: there is no answer. */
export interface Mishap {
  readonly forwards?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly after_s?: number;
}

export interface WrittenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A proxy that does what networks and load balancers do on bad days. */
export class Obstacle {
  private constructor(readonly url: string) {}

  static async inTheWay(...mishaps: Mishap[]): Promise<Obstacle> {
    const obstacle = new Obstacle(await ask<string>("obstacle"));
    await obstacle.befall(...mishaps);
    return obstacle;
  }

  async befall(...mishaps: Mishap[]): Promise<void> {
    await ask("befall", { url: this.url, mishaps });
  }

  async calls(): Promise<readonly WrittenCall[]> {
    return ask("calls", { url: this.url });
  }

  async keys(): Promise<readonly (string | undefined)[]> {
    return (await this.calls()).map((call) => call.headers["idempotency-key"]);
  }
}

export function connect(url = URL_OF_SERVICE, options: ClientOptions = {}, key = KEY): Ostiary {
  return new Ostiary(url, key, options);
}

export const ostiary = connect();
let marks = 0;

/** A number that none of these tests had. */
export function mark(): number {
  marks += 1;
  return marks;
}

/** A client with an e-mail of its own, of whom nothing is missing for cards but a passport. */
export function someone(fields: Partial<NewClient> = {}): NewClient {
  return {
    first_name: "Maria",
    last_name: "Barber",
    email: `maria.${mark()}@example.com`,
    birth_date: "1984-11-21",
    address: { street_line1: "Florida 9860", city: "Del Viso", country: "ARG" },
    phone_country_code: 54,
    phone_number: 1168860622,
    ...fields,
  };
}

export async function picture(...size: number[]): Promise<Uint8Array> {
  return Buffer.from(await ask<string>("picture", { size }), "base64");
}

/** A passport whose number begins like this and is of nobody else, with a picture of its own. */
export async function passport(beginning: string): Promise<NewDocument> {
  const number = `${beginning}${String(mark()).padStart(6, "0")}`;
  return { documentType: "passport", front: await picture(), metadata: { number } };
}

/** A request for cards in review. */
export async function submitted(number: string, fields: Partial<NewClient> = {}, by = ostiary): Promise<Product> {
  const client = await by.clients.create(someone(fields));
  const request = await by.products.request(client, "cards_individuals");
  const { rejected_items: rejected } = await by.products.upload(request, await passport(number));
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected));
  return (await by.products.submit(request)).product;
}

export async function everything<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The error of this class that something fails with. */
export async function failing<Kind extends Error>(
  kind: new (...words: never[]) => Kind,
  doing: Promise<unknown>,
): Promise<Kind> {
  const outcome = await doing.then(
    () => new Error("it did not fail"),
    (problem: unknown) => problem,
  );
  if (outcome instanceof kind) return outcome;
  throw outcome;
}
