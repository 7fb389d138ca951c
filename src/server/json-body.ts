/** Reads a request's bytes as JSON: bounded in depth, well-formed Unicode only, no keys that reach into prototypes. */
import { isUtf8 } from "node:buffer";
import type { FastifyInstance } from "fastify";
import { RequestError } from "../util/errors.js";

/** Lists and objects inside each other. JSON schemas of tools stay far below. */
export const MAX_JSON_DEPTH = 128;

const LONE_SURROGATE = /\p{Surrogate}/u;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Makes application/json the only body that is taken, read by `parseJson`; an empty body is undefined. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const charset = /;\s*charset\s*=\s*"?([^;"\s]+)/i.exec(request.headers["content-type"] ?? "")?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
      const message = `the body's charset must be utf-8; got ${charset.slice(0, 40)}`;
      done(new RequestError(message, { status: 415 }), undefined);
      return;
    }
    try {
      done(null, body.length === 0 ? undefined : parseJson(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/**
 * @returns the value; of a key that comes twice, the last one counts
 * @throws RequestError for bytes that are no UTF-8, no JSON, or nested too deep; for a lone surrogate, naming its field
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new RequestError(`the body is not valid UTF-8 (at byte ${firstBadByte(bytes)})`);
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  checkDepth(bytes);
  const text = bytes.toString("utf8", start);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const where = /position (\d+)/.exec((error as Error).message)?.[1];
    throw new RequestError(`the body is not valid JSON${where === undefined ? "" : ` (at character ${where})`}`);
  }
  // Nearly all bodies have none of these, and need no second look.
  if (bytes.includes("\\u") || bytes.includes('"__proto__"') || bytes.includes('"constructor"')) checkWords(value, "");
  return value;
}

/** Before parsing: whatever walks through the value later does so by recursion. */
function checkDepth(bytes: Buffer): void {
  let depth = 0;
  let isText = false;
  let field = -1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (isText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isText = false;
      continue;
    }
    if (byte === QUOTE) {
      isText = true;
      if (depth === 1) field = i;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) {
        const name = /^"([\w-]{1,64})"/.exec(bytes.toString("latin1", field, field + 66))?.[1];
        const message = `${name ?? "the body"}: nested too deep; at most ${MAX_JSON_DEPTH} lists and objects in each other`;
        throw new RequestError(message, name === undefined ? {} : { param: name });
      }
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
}

/** @throws RequestError for a text that is not well-formed, and for the key __proto__ */
function checkWords(value: unknown, path: string): void {
  if (typeof value === "string") {
    if (LONE_SURROGATE.test(value)) throw badText(path, `${path || "the body"}: the text holds half a surrogate pair`);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const at = (key: string | number) => (path === "" ? String(key) : `${path}.${key}`);
  if (Array.isArray(value)) {
    value.forEach((item, i) => {
      if (typeof item !== "number") checkWords(item, at(i));
    });
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    if (LONE_SURROGATE.test(key)) throw badText(path, `${path || "the body"}: a key holds half a surrogate pair`);
    const reachesIn =
      key === "__proto__" || (key === "constructor" && isObject(member) && Object.hasOwn(member, "prototype"));
    if (reachesIn) throw badText(path, `${path || "the body"}: ${key} cannot be a key here`);
    checkWords(member, at(key));
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function badText(path: string, message: string): RequestError {
  return new RequestError(shorten(message), { param: path === "" ? undefined : shorten(path) });
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}

/** Halves the bytes until one is left; a character that is cut in half counts with the part before. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 8) {
    let middle = (good + bad) >> 1;
    while (middle > good && (bytes[middle]! & 0xc0) === 0x80) middle--;
    if (middle === good) break;
    if (isUtf8(bytes.subarray(good, middle))) good = middle;
    else bad = middle;
  }
  return good;
}
