/** ResponseStore: responses that clients may ask for again, in memory, with a bound. */
import type { ClientMessage } from "../engine-client.js";
import type { BackgroundRun } from "./background-run.js";
import type { ResponseObject } from "./response-types.js";

/** A response with what the next turn of its conversation needs. */
export interface StoredResponse {
  readonly response: ResponseObject;
  /** All turns up to and with this response, without instructions. Complete when the response is. */
  messages: readonly ClientMessage[];
  /** Of a response that was asked for in the background. */
  readonly run?: BackgroundRun;
}

interface Entry extends StoredResponse {
  bytes: number;
}

/** Those that were looked at longest ago go first; those under way stay. */
export class ResponseStore {
  readonly #maxBytes: number;
  readonly #maxCount: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limits: { readonly maxBytes: number; readonly maxCount: number }) {
    this.#maxBytes = limits.maxBytes;
    this.#maxCount = limits.maxCount;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): StoredResponse | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry;
  }

  /** Takes a response in, or notes that it has grown. */
  put(stored: StoredResponse): void {
    const { id } = stored.response;
    this.#forget(id);
    const bytes = 2 * (JSON.stringify(stored.response).length + JSON.stringify(stored.messages).length);
    const entry = Object.assign(stored, { bytes: bytes + (stored.run?.numBytes ?? 0) });
    this.#entries.set(id, entry);
    this.#bytes += entry.bytes;
    for (const [other, { response }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes && this.#entries.size <= this.#maxCount) break;
      if (response.status !== "queued" && response.status !== "in_progress") this.#forget(other);
    }
  }

  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
  }
}
