/** Calls to this server: paths relative to the page, the key, errors in the server's words. */
import { apiKey, askForKey } from "./api-key.js";

/** The server refused, or was not reached. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Field of the request that was wrong, where the server names one. */
  readonly param: string | undefined;

  constructor(message: string, status: number, param?: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.param = param;
  }
}

export interface CallOptions {
  /** Sent as JSON by POST; without it the call is a GET. */
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** False: a refused key is an error at once, nobody is asked. */
  readonly asksForKey?: boolean;
}

/**
 * Calls a path of the server, such as "v1/models". A 401 asks for the key and calls again.
 *
 * @throws ApiError for any other answer than a 2xx; AbortError
 */
export async function callServer(path: string, options: CallOptions = {}): Promise<Response> {
  for (;;) {
    const key = apiKey();
    const response = await send(path, key, options);
    if (response.ok) return response;
    const error = await toError(response);
    if (response.status !== 401 || options.asksForKey === false || !(await askForKey(key))) throw error;
  }
}

/** Calls, and reads the answer as JSON. @throws ApiError; AbortError */
export async function callJson<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await callServer(path, options);
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new ApiError(`${path}: the answer is not JSON`, response.status);
  }
}

async function send(path: string, key: string | undefined, { body, signal }: CallOptions): Promise<Response> {
  const headers: Record<string, string> = {};
  if (key !== undefined) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
      cache: "no-store",
    });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    // A key with letters that no header may hold fails here too.
    throw new ApiError("The server was not reached. Is it running?", 0);
  }
}

/** OpenAI's error object, or what else came. */
async function toError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown; param?: unknown } };
    if (typeof error?.message === "string") {
      return new ApiError(error.message, response.status, typeof error.param === "string" ? error.param : undefined);
    }
  } catch {
    // Not JSON: of a proxy, perhaps.
  }
  return new ApiError(`The server answered ${response.status} ${response.statusText}`.trim(), response.status);
}
