/** Checks a request's body against its schema. Unknown fields pass, and are logged once. */
import type { z } from "zod";
import { RequestError } from "../util/errors.js";
import type { ServerLog } from "./server-log.js";

/**
 * @param schema  of the endpoint; unknown members are left out of the result
 * @throws RequestError naming the first wrong field by its path
 */
export function parseBody<T extends z.ZodObject>(schema: T, body: unknown, log: ServerLog): z.output<T> {
  if (body === undefined) throw new RequestError("the body is empty; expected a JSON object");
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new RequestError("the body must be a JSON object");
  }
  const result = schema.safeParse(body);
  if (!result.success) throw describe(result.error.issues[0]!, body);
  for (const name of Object.keys(body)) {
    if (!Object.hasOwn(schema.shape, name)) log.once(`request field ${name.slice(0, 64)} is not known; it is ignored`);
  }
  return result.data;
}

function describe(issue: z.core.$ZodIssue, body: object): RequestError {
  const inner = deepest(issue);
  const message = inner.code === "invalid_union" ? unionMessage(inner) : inner.message;
  const path = inner.path.map(String);
  const param = path.join(".");
  const value = valueAt(body, path);
  const got = value === undefined && inner.code !== "custom" ? "; the field is missing" : `; got ${show(value)}`;
  const words = message
    .replace(/^Invalid input: /, "")
    .replace(/^Too big: /, "")
    .replace(/^Too small: /, "");
  return new RequestError(`${param || "body"}: ${words}${got}`, { param: param || undefined });
}

/** Of a union's problems, those of the member that came furthest. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
  let best: z.core.$ZodIssue = issue;
  for (const branch of issue.errors) {
    const first = branch[0];
    if (first === undefined || first.path.length === 0) continue;
    const candidate = deepest({ ...first, path: [...issue.path, ...first.path] });
    if (candidate.path.length > best.path.length) best = candidate;
  }
  return best;
}

/** The problem of the member that has the value's type; else all types that would do. */
function unionMessage(issue: z.core.$ZodIssueInvalidUnion): string {
  const firsts = issue.errors.flatMap((branch) => branch.slice(0, 1));
  const ofType = firsts.find((first) => first.code !== "invalid_type");
  if (ofType !== undefined) return ofType.message;
  const types = firsts.flatMap((first) => (first.code === "invalid_type" ? [first.expected] : []));
  return types.length > 0 ? `expected ${[...new Set(types)].join(" or ")}` : issue.message;
}

function valueAt(body: unknown, path: readonly string[]): unknown {
  let value = body;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Short, whatever the value is. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  return String(value);
}
