// Values as they come: held against what this version knows of them, and given what can be asked of them.

import { UnexpectedAnswer } from "./errors.js";
import { type ChangedFields, type ClientExtras, type NewClientExtras, withMissing } from "./extras.js";
import type { IndividualClient } from "./generated/clients.js";
import type { Product } from "./generated/products.js";
import { SHAPES, type Values } from "./generated/shapes.js";

type Fields = Readonly<Record<string, unknown>>;
/** The name of a value, as in `SHAPES`. */
export type Name = keyof Values;

/**
 * What came, as a value. Fields that this version does not know stay as they are.
 *
 * Throws UnexpectedAnswer, which names the field and never what is in it.
 */
export function valueOf<Kind extends Name>(kind: Kind, came: unknown): Values[Kind] {
  demandShape(kind, came, "");
  return came as Values[Kind];
}

/** The same of an array. */
export function valuesOf<Kind extends Name>(kind: Kind, came: unknown): readonly Values[Kind][] {
  demandShape(`${kind}[]`, came, "");
  return came as readonly Values[Kind][];
}

/** Whether it is of this shape. */
export function isShaped(shape: string, came: unknown): boolean {
  try {
    demandShape(shape, came, "");
    return true;
  } catch {
    return false;
  }
}

function demandShape(shape: string, came: unknown, path: string): void {
  if (shape.startsWith("?")) {
    if (came !== undefined && came !== null) demandShape(shape.slice(1), came, path);
  } else if (shape.endsWith("[]")) {
    if (!Array.isArray(came)) throw odd(path, "an array");
    const inner = shape.slice(0, -2);
    came.forEach((each, index) => demandShape(inner, each, `${path}[${index}]`));
  } else if (shape.startsWith("{")) {
    const inner = shape.slice(1, -1);
    for (const [key, each] of Object.entries(demandObject(came, path))) demandShape(inner, each, `${path}.${key}`);
  } else if (shape in SHAPES) {
    demandFields(shape as Name, demandObject(came, path), path);
  } else if (shape !== "unknown" && !shape.split("|").includes(typeof came)) {
    throw odd(path, shape.replace("|", " or "));
  }
}

function demandFields(name: Name, fields: Fields, path: string): void {
  for (const [field, shape] of Object.entries(SHAPES[name])) {
    demandShape(shape, Object.hasOwn(fields, field) ? fields[field] : undefined, path ? `${path}.${field}` : field);
  }
  if (name === "Product") withMissing(fields as unknown as Product);
}

function demandObject(came: unknown, path: string): Fields {
  if (typeof came !== "object" || came === null || Array.isArray(came)) throw odd(path, "an object");
  return came as Fields;
}

function odd(path: string, expected: string): UnexpectedAnswer {
  return new UnexpectedAnswer(`the answer is not as expected: ${path || "it"} should be ${expected}`);
}

/** A client as it came: attributes of the catalogue stand beside its fields there. Throws UnexpectedAnswer. */
export function clientFrom(came: unknown, etag?: string): IndividualClient {
  valueOf("IndividualClient", came);
  const fields = Object.entries(came as Fields);
  const isDeclared = ([name]: readonly [string, unknown]): boolean => Object.hasOwn(SHAPES.IndividualClient, name);
  const attributes = Object.fromEntries(fields.filter((field) => !isDeclared(field)));
  return client({ ...Object.fromEntries(fields.filter(isDeclared)), attributes, ...(etag ? { etag } : {}) });
}

function client(fields: Fields): IndividualClient {
  const changed = (others: ChangedFields): IndividualClient => {
    const { attributes } = fields as unknown as ClientExtras;
    return client({ ...fields, ...others, attributes: { ...attributes, ...others.attributes } });
  };
  const made = { ...fields };
  Object.defineProperty(made, "changed", { value: changed }); // no field: JSON does not have it
  return made as unknown as IndividualClient;
}

/** A body as it is sent: attributes of the catalogue beside the other fields, and no etag. */
export function fieldsOf(body: NewClientExtras & object): Fields {
  const { attributes, etag: _, ...fields } = body as NewClientExtras & { readonly etag?: unknown };
  return { ...fields, ...attributes };
}

/** A client, a request of his, or the client's id. */
export type ClientRef = string | { readonly id: string } | { readonly client_id: string };

/** A request: as it was answered, or whatever names its client and itself, as the `data` of an event. */
export type RequestRef =
  | { readonly client_id: string; readonly id: string }
  | { readonly client_id: string; readonly product_request_id: string };

/** The id of a client, or of whose request it is. */
export function clientIdOf(whose: ClientRef): string {
  if (typeof whose === "string") return whose;
  return "client_id" in whose ? whose.client_id : whose.id;
}

/** What a request's path is made of. */
export function idsOf(request: RequestRef): { readonly client_id: string; readonly product_request_id: string } {
  const id = "product_request_id" in request ? request.product_request_id : request.id;
  return { client_id: request.client_id, product_request_id: id };
}

/** The id of something, or the id itself. */
export function idOf(which: string | { readonly id: string }): string {
  return typeof which === "string" ? which : which.id;
}
