/** TokenizerThread: a tokenizer that is read, built and asked in a thread of its own, while this one does other things. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { packageRoot } from "../util/package-root.js";
import type { EncodeEngine } from "./encode-engine.js";
import type { QuickTokenizer } from "./quick-tokenizer.js";
import type { EncodeMessage, ThreadMessage } from "./tokenizer-worker.js";
import type { Tokenizer } from "./tokenizer.js";

/** From sources (tests, tsx) or from bundles. */
const isSource = import.meta.url.endsWith(".ts");

/** Code that runs the thread's module from source. */
function sourceEntry(): string {
  const tsx = createRequire(join(packageRoot, "package.json")).resolve("tsx/esm/api").replace(/cjs$/, "mjs");
  const entry = new URL("tokenizer-worker.ts", import.meta.url).href;
  return `import(${JSON.stringify(pathToFileURL(tsx).href)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(entry)}); })`;
}

/** The thread ended before it answered. */
class ThreadEnded extends Error {}

interface Waiting {
  resolve(ids: number[]): void;
  reject(error: Error): void;
}

/**
 * Starts a thread for the tokenizer of a folder; undefined where that is of no use: without a tokenizer.json, and from sources, which take
 * longer to load than a tokenizer, and where no thread can be started.
 */
export function startTokenizerThread(folder: string): TokenizerThread | undefined {
  if (isSource || !existsSync(join(folder, "tokenizer.json"))) return undefined;
  try {
    return new TokenizerThread(folder);
  } catch {
    // No more threads, or none allowed (node's permission model).
    return undefined;
  }
}

/**
 * A thread that begins with a folder's tokenizer at once. It keeps the process alive only while something is awaited. A thread that ends
 * for whatever reason takes nothing with it: texts are then encoded in the caller's thread.
 */
export class TokenizerThread {
  readonly folder: string;
  readonly #worker: Worker;
  readonly #read: Promise<QuickTokenizer | undefined>;
  readonly #built: Promise<boolean>;
  readonly #waiting = new Map<number, Waiting>();
  #serial = 0;
  #isEnded = false;
  #isHeld = true;

  constructor(folder: string) {
    this.folder = folder;
    // None of the process's own preloads.
    const options = { workerData: folder, execArgv: [], name: "tokenizer" };
    this.#worker = isSource
      ? new Worker(sourceEntry(), { ...options, eval: true })
      : new Worker(join(packageRoot, "dist", "tokenizer", "tokenizer-worker.js"), options);
    let read: (tokenizer: QuickTokenizer | undefined) => void = () => undefined;
    let built: (isBuilt: boolean) => void = () => undefined;
    this.#read = new Promise((resolve) => (read = resolve));
    this.#built = new Promise((resolve) => (built = resolve));
    this.#worker.on("message", (message: ThreadMessage) => {
      if (message.type === "read") read(message.tokenizer);
      else if (message.type === "built") built(message.isBuilt);
      else this.#settle(message);
    });
    this.#worker.on("error", () => undefined);
    this.#worker.once("exit", () => {
      read(undefined);
      built(false);
      this.#end();
    });
    void this.#built.then(() => this.#hold());
  }

  /** The tokenizer; undefined where it must be made in the usual way, which also tells what is wrong with it. */
  async tokenizer(): Promise<Tokenizer | undefined> {
    const parts = await this.#read;
    if (parts === undefined) return undefined;
    const { tokenizerOfParts } = await import("./tokenizer.js");
    // Made while the thread builds its engine.
    const tokenizer = await tokenizerOfParts(parts, this.#engine(parts.path)).catch(() => undefined);
    if (tokenizer !== undefined && (await this.#built)) return tokenizer;
    this.close();
    return undefined;
  }

  /** Ends the thread; what is being encoded is encoded in the caller's thread. */
  close(): void {
    this.#end();
    void this.#worker.terminate();
  }

  #engine(path: string): EncodeEngine {
    let here: Promise<EncodeEngine> | undefined;
    const engineHere = async (): Promise<EncodeEngine> => {
      const { createNativeEngine } = await import("./encode-engine.js");
      return createNativeEngine({ path });
    };
    return {
      name: "native",
      encode: async (text) => {
        try {
          return await this.#ask(text);
        } catch (error) {
          if (!(error instanceof ThreadEnded)) throw error;
          return (await (here ??= engineHere())).encode(text);
        }
      },
      close: () => this.close(),
    };
  }

  #ask(text: string): Promise<number[]> {
    if (this.#isEnded) return Promise.reject(new ThreadEnded());
    return new Promise((resolve, reject) => {
      const id = this.#serial++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, text } satisfies EncodeMessage);
      this.#hold();
    });
  }

  #settle(message: Extract<ThreadMessage, { id: number }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "ids") waiting?.resolve(Array.from(message.ids));
    else waiting?.reject(new Error(message.message));
    this.#hold();
  }

  /** While something is awaited, this process stays alive. */
  #hold(): void {
    const isHeld = this.#waiting.size > 0;
    if (this.#isEnded || isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#worker.ref();
    else this.#worker.unref();
  }

  #end(): void {
    this.#isEnded = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new ThreadEnded());
  }
}
