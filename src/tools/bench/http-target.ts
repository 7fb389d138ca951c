/** The server under test: where it is, what is sent with every request, and plain calls to it. */
import * as http from "node:http";
import * as https from "node:https";
import { ConfigError, ResourceError } from "../../util/errors.js";
import { messageOf, showValue } from "../../util/text.js";

export type Backend = "openai" | "openai-chat";

export interface TargetOptions {
  /** "http://127.0.0.1:8000", with or without a path; a final /v1 is left out where the endpoint begins with it. */
  readonly baseUrl: string;
  /** Path of the requests: "/v1/completions". */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly apiKey: string | undefined;
}

const MODELS_TIMEOUT_MS = 30_000;
const MAX_ERROR_BYTES = 64 * 1024;

/** Connections are kept open from request to request. Close it when done. */
export class HttpTarget {
  /** Full address of the requests. */
  readonly url: URL;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: http.Agent;
  readonly #transport: typeof http | typeof https;

  /** @throws ConfigError if the address is none */
  constructor({ baseUrl, endpoint, headers, apiKey }: TargetOptions) {
    const base = baseUrl.replace(/\/+$/, "");
    this.#base = endpoint.startsWith("/v1/") ? base.replace(/\/v1$/, "") : base;
    this.url = parseUrl(this.#base, endpoint);
    this.#transport = this.url.protocol === "https:" ? https : http;
    this.#agent = new this.#transport.Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 4096 });
    this.#headers = { ...(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }), ...headers };
  }

  /** Opens a POST to the endpoint; the caller ends it with the body. @throws TypeError for a header that HTTP forbids */
  post(bodyLength: number): http.ClientRequest {
    return this.#transport.request(this.url, {
      method: "POST",
      agent: this.#agent,
      headers: {
        "Content-Type": "application/json",
        "Content-Length": bodyLength,
        Accept: "text/event-stream",
        ...this.#headers,
      },
    });
  }

  /**
   * The first model that the server lists.
   * @throws ResourceError if the server cannot be reached, or lists none
   */
  async firstModel(signal?: AbortSignal): Promise<string> {
    const url = parseUrl(this.#base, "/v1/models");
    const { status, text } = await this.#get(url, signal).catch((cause: unknown) => {
      throw new ResourceError(
        `${url}: the server cannot be reached: ${messageOf(cause)}; start it, or name another with --base-url`,
        { cause },
      );
    });
    const told = `got HTTP ${status} ${showValue(text)}; name the model with --model`;
    if (status !== 200) throw new ResourceError(`${url}: expected a list of models; ${told}`);
    try {
      const { data } = JSON.parse(text) as { data: { id: string }[] };
      if (typeof data[0]!.id === "string") return data[0]!.id;
    } catch {
      // told below
    }
    throw new ResourceError(`${url}: expected a list of models; ${told}`);
  }

  #get(url: URL, signal: AbortSignal | undefined): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const request = this.#transport.get(
        url,
        { agent: this.#agent, headers: this.#headers, timeout: MODELS_TIMEOUT_MS, ...(signal ? { signal } : {}) },
        (response) => {
          readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
        },
      );
      request.on("timeout", () => request.destroy(new Error(`no answer in ${MODELS_TIMEOUT_MS / 1000} s`)));
      request.on("error", reject);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The body as text, cut off after 64 KiB. */
export async function readText(response: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MAX_ERROR_BYTES) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

function parseUrl(base: string, path: string): URL {
  const text = `${base}${path.startsWith("/") ? "" : "/"}${path}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new ConfigError(`--base-url: expected an address like http://127.0.0.1:8000; got ${JSON.stringify(base)}`);
}
