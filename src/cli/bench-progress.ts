/** What a benchmark's command shows while it runs, and how Ctrl-C ends it. */
import { onSigint } from "./exit.js";
import { ProgressBar } from "./progress-bar.js";

/** From its making to close(), Ctrl-C aborts the signal instead of the process. */
export class BenchProgress {
  readonly bar = new ProgressBar();
  readonly #stop = new AbortController();
  readonly #restore = onSigint(() => this.#stop.abort());

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Shown on terminals alone. @param things "batches" */
  update(phase: string, done: number, total: number, things = ""): void {
    if (process.stderr.isTTY === true) this.bar.update(phase, done / total, `${done} of ${total} ${things}`.trimEnd());
  }

  close(): void {
    this.bar.clear();
    this.#restore();
  }
}
