/** Talks to a model hub over HTTP: lists a repository and opens its files. The token goes to the hub alone. */
import { ConfigError, ResourceError } from "../util/errors.js";
import type { HubFile } from "./hub-plan.js";

/** Where and as whom. */
export interface Hub {
  /** Without a trailing slash. */
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds without any data after which a connection counts as dead. */
  readonly idleTimeoutMs: number;
}

/** A repository at one commit. */
export interface HubListing {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/** A failure that may be gone at the next try. `waitMs`: how long the server asks to wait. */
export class TransientError extends Error {
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.waitMs = waitMs;
  }
}

const MAX_REDIRECTS = 8;
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

/**
 * The files of a model at a branch, tag or commit.
 *
 * @throws ConfigError when the model or revision is unknown or closed to this token; TransientError; ResourceError when the
 *   answer is no listing
 */
export async function listFiles(hub: Hub, id: string, revision: string): Promise<HubListing> {
  const url = `${hub.endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const response = await open(hub, url, {});
  if (!response.ok) throw await refusal(hub, response, id, `revision ${revision}`);
  const text = await readText(response, MAX_LISTING_BYTES);
  try {
    return parseListing(JSON.parse(text));
  } catch (cause) {
    throw new ResourceError(
      `${url}: expected the hub's list of files; got ${JSON.stringify(text.slice(0, 80))}; is HF_ENDPOINT right?`,
      { cause },
    );
  }
}

/**
 * Opens one file from byte `offset` on. Status 200 means that it starts at 0 all the same; 206 that it starts at `offset`;
 * 416 that there is nothing there.
 */
export async function openFile(
  hub: Hub,
  id: string,
  commit: string,
  path: string,
  offset: number,
  signal?: AbortSignal,
): Promise<Response> {
  const name = path.split("/").map(encodeURIComponent).join("/");
  const url = `${hub.endpoint}/${id}/resolve/${commit}/${name}`;
  const response = await open(hub, url, offset > 0 ? { Range: `bytes=${offset}-` } : {}, signal);
  if (response.ok || response.status === 416) return response;
  throw await refusal(hub, response, id, path);
}

/** Follows redirects by hand, so that the token never leaves the endpoint's origin. */
async function open(
  hub: Hub,
  first: string,
  headers: Record<string, string>,
  signal: AbortSignal | undefined = hub.signal,
): Promise<Response> {
  const home = new URL(hub.endpoint);
  let url = new URL(first);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const authorization: Record<string, string> =
      hub.token !== undefined && url.origin === home.origin ? { Authorization: `Bearer ${hub.token}` } : {};
    const response = await fetchOnce(url, { ...headers, ...authorization }, hub, signal);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    url = new URL(location, url);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && home.protocol === "http:")) {
      throw new ResourceError(`${first}: the hub redirects to ${url.protocol}//${url.host}, which is not safe`);
    }
  }
  throw new ResourceError(`${first}: more than ${MAX_REDIRECTS} redirects`);
}

async function fetchOnce(
  url: URL,
  headers: Record<string, string>,
  hub: Hub,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), hub.idleTimeoutMs);
  try {
    return await fetch(url, {
      redirect: "manual",
      headers: { "Accept-Encoding": "identity", "User-Agent": "quire", ...headers },
      signal: signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const seconds = hub.idleTimeoutMs / 1000;
    const why = patience.signal.aborted ? `no answer within ${seconds} s` : reasonOf(cause);
    throw new TransientError(`${url.origin}: ${why}`, undefined, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The error for an answer that is not the wanted one. */
async function refusal(hub: Hub, response: Response, id: string, what: string): Promise<Error> {
  const { status } = response;
  await response.body?.cancel();
  const page = `${hub.endpoint}/${id}`;
  if (status === 401 || status === 403) {
    const who = hub.token === undefined ? "without a token" : "with this token";
    return new ConfigError(
      `${id}: the hub refuses ${what} ${who} (HTTP ${status}): the model is private, gated or does not exist; ` +
        `accept its terms at ${page} where there are any, and set HF_TOKEN (or --hf-token) to a token that may read it`,
    );
  }
  if (status === 404) {
    return new ConfigError(
      `${id}: the hub has no ${what} (HTTP 404); look at ${page}, and check the name and --revision`,
    );
  }
  if (status === 429 || status >= 500) {
    const after = Number(response.headers.get("retry-after"));
    const waitMs = Number.isFinite(after) && after > 0 ? Math.min(after, 60) * 1000 : undefined;
    return new TransientError(`${id}: the hub answers ${what} with HTTP ${status}`, waitMs);
  }
  return new ResourceError(`${id}: the hub answers ${what} with HTTP ${status}`);
}

function parseListing(body: unknown): HubListing {
  const { sha, siblings } = body as { sha: unknown; siblings: unknown };
  if (typeof sha !== "string" || !/^[0-9A-Za-z]{7,64}$/.test(sha)) throw new Error("no commit");
  if (!Array.isArray(siblings)) throw new Error("no siblings");
  return { commit: sha, files: siblings.map(parseSibling) };
}

function parseSibling(entry: unknown): HubFile {
  const { rfilename, size, blobId, lfs } = entry as Record<string, unknown>;
  if (typeof rfilename !== "string") throw new Error("a file without a name");
  const large = typeof lfs === "object" && lfs !== null ? (lfs as Record<string, unknown>) : undefined;
  const bytes = large?.size ?? size;
  const isHash = (value: unknown, digits: number): value is string =>
    typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
  const sha256 = large?.sha256 ?? large?.oid;
  return {
    path: rfilename,
    size: Number.isSafeInteger(bytes) && (bytes as number) >= 0 ? (bytes as number) : undefined,
    sha256: isHash(sha256, 64) ? sha256 : undefined,
    gitSha1: large === undefined && isHash(blobId, 40) ? blobId : undefined,
  };
}

async function readText(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > limit) throw new ResourceError(`${response.url}: the answer is longer than ${limit} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ResourceError) throw cause;
    throw new TransientError(`${response.url}: ${reasonOf(cause)}`, undefined, { cause });
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The words of the innermost error: fetch itself only says "fetch failed". */
export function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  return inner.message || (inner as NodeJS.ErrnoException).code || inner.name;
}
