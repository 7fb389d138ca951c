/**
 * TraceWriter: a file of trace events, as Chrome's array format has them. The file is whole JSON after every write: each write
 * puts its events over the closing bracket of the last one, so that a process that is killed leaves a trace that opens.
 */
import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { messageOf } from "./text.js";

/** Events wait for so many characters or so long before they are written. */
const MAX_WAITING = 1 << 18;
const MAX_WAIT_MS = 250;

/** Why a trace ended before it was closed. */
export type TraceEnd = { readonly reason: "full" } | { readonly reason: "failed"; readonly message: string };

export class TraceWriter {
  readonly #onEnd: (end: TraceEnd) => void;
  readonly #maxEvents: number;
  readonly #onExit = (): void => this.close();
  #file: number | undefined;
  #numEvents = 0;
  /** Where the closing bracket stands. */
  #position = 1;
  #waiting: string[] = [];
  #waitingLength = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Opens the file, emptying it.
   *
   * @param maxEvents the trace ends when there are so many
   * @param onEnd     told, at most once, when the trace ends by itself
   * @throws the system's Error when the file cannot be written, or an Error when it is no regular file
   */
  constructor(path: string, maxEvents: number, onEnd: (end: TraceEnd) => void) {
    this.#maxEvents = maxEvents;
    this.#onEnd = onEnd;
    this.#file = openSync(path, "w");
    try {
      if (!fstatSync(this.#file).isFile()) throw new Error("it is not a regular file");
      writeSync(this.#file, "[\n]\n", 0);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
    process.once("exit", this.#onExit);
  }

  /** False once the trace has ended or was closed; events are ignored then. */
  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  get numEvents(): number {
    return this.#numEvents;
  }

  /** Adds events, all of them: the limit is looked at afterwards. */
  add(events: readonly object[]): void {
    if (this.#file === undefined) return;
    for (const event of events) {
      const text = `${this.#numEvents++ === 0 ? "" : ","}\n${JSON.stringify(event)}`;
      this.#waiting.push(text);
      this.#waitingLength += text.length;
    }
    if (this.#numEvents >= this.#maxEvents) this.#end({ reason: "full" });
    else if (this.#waitingLength >= MAX_WAITING) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), MAX_WAIT_MS).unref();
  }

  /** Writes what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#file === undefined || this.#waiting.length === 0) return;
    const bytes = Buffer.from(`${this.#waiting.join("")}\n]\n`);
    this.#waiting = [];
    this.#waitingLength = 0;
    try {
      for (let done = 0; done < bytes.length;)
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#position + done);
      this.#position += bytes.length - "\n]\n".length;
    } catch (error) {
      this.#end({ reason: "failed", message: messageOf(error) });
    }
  }

  /** Writes what waits and closes the file. Can be called again. */
  close(): void {
    this.flush();
    this.#closeFile();
  }

  #closeFile(): void {
    if (this.#file === undefined) return;
    const file = this.#file;
    this.#file = undefined;
    process.off("exit", this.#onExit);
    try {
      closeSync(file);
    } catch {
      // The system frees it all the same.
    }
  }

  #end(end: TraceEnd): void {
    if (end.reason === "full") this.flush();
    if (this.#file === undefined) return;
    this.#closeFile();
    this.#onEnd(end);
  }
}
