/** GrammarThread: a grammar thread as the engine sees it: requests with a time limit, and its end. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { WorkerOptions } from "node:worker_threads";
import { RequestError } from "../util/errors.js";
import { packageRoot } from "../util/package-root.js";
import type { FromThread, ToThread } from "./messages.js";

/** Messages that are answered. */
type Question = Extract<ToThread, { id: number }>;
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
export type Answer = Extract<FromThread, { type: "done" }>;

/** The thread ended, was too slow, or its grammar engine failed: it must not be used any more. */
export class ThreadLostError extends Error {}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** From sources (tests, tsx) or from bundles. */
const isSource = import.meta.url.endsWith(".ts");

/** Keeps the process alive only while it owes answers. */
export class GrammarThread {
  /** Called once when the thread is no more, however it ended. */
  onEnd: () => void = () => undefined;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #serial = 0;
  #isEnded = false;

  constructor() {
    // Schemas are small; this is for what converting them takes.
    this.#worker = startThread({ resourceLimits: { maxOldGenerationSizeMb: 1024 }, execArgv: [] });
    this.#worker.on("message", (message: FromThread) => this.#take(message));
    this.#worker.on("error", (error) => this.#end(error.message));
    this.#worker.on("exit", (code) => this.#end(`exit code ${code}`));
    this.#worker.unref();
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /**
   * @param limitMs the thread is ended if the answer is not there by then
   * @throws RequestError (as a rejection) where a request's field is at fault; ThreadLostError
   */
  ask(question: WithoutId<Question>, limitMs: number): Promise<Answer> {
    if (this.#isEnded) return Promise.reject(new ThreadLostError("the grammar thread ended"));
    const id = this.#serial++;
    if (this.#waiting.size === 0) this.#worker.ref();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(`it took more than ${limitMs / 1000} s`), limitMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.tell({ ...question, id } as Question);
    });
  }

  /** For messages without an answer. */
  tell(message: ToThread): void {
    if (!this.#isEnded) this.#worker.postMessage(message);
  }

  /** Ends it at once, whatever it does. */
  async kill(): Promise<void> {
    this.#end("it was ended");
    await this.#worker.terminate();
  }

  #take(message: FromThread): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#forget(message.id, waiting);
    if (message.type === "done") waiting.resolve(message);
    else if (message.param !== null) waiting.reject(new RequestError(message.message, { param: message.param }));
    else waiting.reject(new ThreadLostError(message.message));
  }

  #forget(id: number, waiting: Waiting): void {
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
  }

  #end(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const [id, waiting] of [...this.#waiting]) {
      this.#forget(id, waiting);
      waiting.reject(new ThreadLostError(reason));
    }
    void this.#worker.terminate();
    this.onEnd();
  }
}

function startThread(options: WorkerOptions): Worker {
  if (!isSource) return new Worker(join(packageRoot, "dist", "grammar", "grammar-thread.js"), options);
  const api = createRequire(join(packageRoot, "package.json")).resolve("tsx/esm/api").replace(/cjs$/, "mjs");
  const [runner, entry] = [pathToFileURL(api).href, new URL("grammar-thread.ts", import.meta.url).href];
  const code = `import("${runner}").then(({ register }) => (register(), import("${entry}")))`;
  return new Worker(code, { ...options, eval: true });
}
