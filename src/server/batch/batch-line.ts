/** One line of a batch: what it asks for, and the line that answers it. */
import { randomUUID } from "node:crypto";
import { errorResponse } from "../error-response.js";
import type { ErrorBody } from "../error-response.js";
import { RequestError } from "../../util/errors.js";
import { parseJson } from "../json-body.js";

/** Endpoints that a batch may call. */
export const BATCH_URLS: readonly string[] = ["/v1/chat/completions", "/v1/completions", "/v1/responses"];

/** A request that can be made. */
export interface BatchRequest {
  readonly customId: string;
  readonly url: string;
  readonly body: Record<string, unknown>;
}

/** A line that is wrong. */
export interface BatchRefusal {
  readonly customId: string | null;
  readonly status: number;
  readonly body: ErrorBody;
}

/** A line of the output, in OpenAI's form; `error` is set for everything but status 200, as vLLM sets it. */
export interface BatchOutput {
  readonly id: string;
  readonly custom_id: string | null;
  readonly response: { readonly status_code: number; readonly request_id: string; readonly body: unknown };
  readonly error: unknown;
}

/**
 * Reads a line; never throws.
 *
 * @param line undefined: it was too long
 * @param number of the line, from 1, for errors
 * @param seen ids of the lines before; this one's is added
 */
export function readBatchLine(
  line: Buffer | undefined,
  number: number,
  seen: Set<string>,
): BatchRequest | BatchRefusal {
  let customId: string | null = null;
  try {
    if (line === undefined)
      throw new RequestError(`the line is too long; the limit is --max-body-bytes`, { status: 413 });
    const value = parseJson(line);
    if (!isObject(value)) throw new RequestError("expected a JSON object");
    if (typeof value.custom_id !== "string") throw wrong("custom_id", "expected a string");
    customId = value.custom_id;
    if (seen.has(customId)) throw wrong("custom_id", "an earlier line has the same one");
    seen.add(customId);
    const { method, url, body } = value;
    if (method !== "POST") throw wrong("method", 'expected "POST"');
    if (typeof url !== "string" || !BATCH_URLS.includes(url)) {
      throw wrong("url", `expected one of ${BATCH_URLS.join(", ")}`);
    }
    if (!isObject(body)) throw wrong("body", "expected a JSON object");
    if (body.stream === true) throw wrong("body.stream", "a batch has no streams; leave it out");
    return { customId, url, body };
  } catch (error) {
    const { message, status, param } = error as RequestError;
    return { customId, ...errorResponse(status, `line ${number}: ${message}`, param) };
  }
}

export function isRefusal(line: BatchRequest | BatchRefusal): line is BatchRefusal {
  return "status" in line;
}

export function batchOutput(customId: string | null, status: number, body: unknown): BatchOutput {
  const random = () => randomUUID().replaceAll("-", "");
  return {
    id: `batch_req_${random()}`,
    custom_id: customId,
    response: { status_code: status, request_id: `batch-${random()}`, body },
    error: status === 200 ? null : body,
  };
}

function wrong(param: string, what: string): RequestError {
  return new RequestError(`${param}: ${what}`, { param });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
