// Documents to be sent: their pictures from wherever they are, and the body of the call.

import { joined, utf8 } from "./bytes.js";

/**
 * The bytes of a picture, a Blob or File, a stream, or the path of a file (text, or a URL with `file:`), which is read
 * where there are files, as in Node.js. A stream is read to its end before anything is sent.
 */
export type Picture =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/**
 * Far more than the service takes (12,000,000 unless its operator changed it): only against a wrong file that would
 * fill the memory.
 */
const PICTURE_BYTES_MOST = 100 * 1024 * 1024;

/** What was read from a document's chip, and its answer to a challenge of `products.chipChallenge`. */
export interface NewChip {
  /** As they were read, by their names: `{ sod: ..., dg1: ..., dg11: ... }`. */
  readonly files: Readonly<Record<string, Picture>>;
  readonly challengeId?: string | undefined;
  readonly challengeAnswer?: Uint8Array | undefined;
}

/** A document of a client: `{ documentType: "passport", front: "front.jpg", metadata: { number: "AB1234567" } }`. */
export interface NewDocument {
  readonly documentType: string;
  readonly front?: Picture | undefined;
  readonly back?: Picture | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly chip?: NewChip | undefined;
}

/** The body of a call as multipart, and its content type. */
export async function multipart(document: NewDocument): Promise<{ content: Uint8Array; contentType: string }> {
  const boundary = crypto.randomUUID().replaceAll("-", "");
  const described = JSON.stringify({ document_type: document.documentType, metadata: document.metadata ?? {} });
  const pieces = part(boundary, 'name="document"', "application/json", utf8(described));
  for (const [name, picture] of filesOf(document)) {
    const about = `name="${name}"; filename="${name}"`;
    pieces.push(...part(boundary, about, "application/octet-stream", await bytesOf(picture)));
  }
  pieces.push(utf8(`--${boundary}--\r\n`));
  return { content: joined(pieces), contentType: `multipart/form-data; boundary=${boundary}` };
}

/** Pictures and the files of a chip, by the names of their parts. Throws TypeError for an odd name. */
function filesOf({ front, back, chip }: NewDocument): (readonly [string, Picture])[] {
  const files: Record<string, Picture | undefined> = { image_front: front, image_back: back };
  if (chip !== undefined) {
    const odd = Object.keys(chip.files).filter((name) => !/^[0-9A-Za-z]+$/.test(name));
    if (odd.length > 0) throw new TypeError(`a chip's files are called sod, dg1 and so on, and not ${odd.join(", ")}`);
    for (const [name, file] of Object.entries(chip.files)) files[`chip_${name}`] = file;
    files["chip_challenge_id"] = chip.challengeId ? utf8(chip.challengeId) : undefined;
    files["chip_challenge_answer"] = chip.challengeAnswer;
  }
  return Object.entries(files).filter((entry): entry is [string, Picture] => entry[1] !== undefined);
}

function part(boundary: string, about: string, kind: string, content: Uint8Array): Uint8Array[] {
  const head = `--${boundary}\r\ncontent-disposition: form-data; ${about}\r\ncontent-type: ${kind}\r\n\r\n`;
  return [utf8(head), content, utf8("\r\n")];
}

/** What a picture consists of. Throws TypeError, or what reading a file or stream throws. */
export async function bytesOf(picture: Picture): Promise<Uint8Array> {
  if (typeof picture === "string" || picture instanceof URL) return readFile(picture);
  if (picture instanceof Uint8Array) return demandSize(picture);
  if (picture instanceof ArrayBuffer) return demandSize(new Uint8Array(picture));
  if (picture instanceof Blob) {
    demandLength(picture.size);
    return new Uint8Array(await picture.arrayBuffer());
  }
  if (typeof picture === "object" && picture !== null) {
    if (Symbol.asyncIterator in picture) return collected(picture as AsyncIterable<Uint8Array>);
    if ("getReader" in picture) return collected(piecesOf(picture));
  }
  throw new TypeError("a picture is bytes, a Blob, a stream of bytes, or the path of a file");
}

async function readFile(path: string | URL): Promise<Uint8Array> {
  const { open } = await import("node:fs/promises"); // only here: elsewhere there may be no files
  const file = await open(path);
  try {
    return await collected(file.createReadStream({ end: PICTURE_BYTES_MOST, autoClose: false }));
  } finally {
    await file.close();
  }
}

async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array)) throw new TypeError("a picture's stream must be one of bytes, not of text");
    length += piece.length;
    demandLength(length);
    taken.push(piece);
  }
  return joined(taken);
}

function demandSize(content: Uint8Array): Uint8Array {
  demandLength(content.length);
  return content;
}

function demandLength(length: number): void {
  if (length > PICTURE_BYTES_MOST) throw new TypeError(`a picture has at most ${PICTURE_BYTES_MOST} bytes`);
}
