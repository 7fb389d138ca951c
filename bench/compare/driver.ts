/** Driver: an engine in a process that answers one JSON line for each JSON line. */
import { createInterface } from "node:readline";
import { Subprocess } from "./processes.js";
import type { DriverAnswer, DriverRequest } from "./quire-driver.js";

const START_MS = 600_000;
const ANSWER_MS = 600_000;

interface Ready {
  readonly version: string;
  /** From the start of the process to a loaded model. */
  readonly seconds: number;
}

type NextAnswer = (timeoutMs: number) => Promise<Record<string, unknown>>;

export class Driver {
  readonly ready: Ready;
  readonly #process: Subprocess;
  readonly #next: NextAnswer;

  private constructor(child: Subprocess, ready: Ready, next: NextAnswer) {
    this.#process = child;
    this.ready = ready;
    this.#next = next;
  }

  /** Starts the process and waits for its model. @throws Error with the last lines of its standard error */
  static async start(command: string, args: readonly string[], env?: Record<string, string>): Promise<Driver> {
    const child = new Subprocess(command, args, env);
    const next = answers(child);
    try {
      const { ready } = await next(START_MS);
      if (ready === undefined) throw child.failure("its first line has no `ready`");
      return new Driver(child, ready as Ready, next);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.child.pid!;
  }

  /** @throws Error if the engine refuses, ends or takes too long */
  async ask(request: DriverRequest): Promise<DriverAnswer & { times: number[][] }> {
    const answer = this.#next(ANSWER_MS);
    this.#process.child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { times, error, ...rest } = (await answer) as DriverAnswer;
    if (times === undefined) throw this.#process.failure(`no times in its answer: ${error ?? "no reason given"}`);
    return { times, ...rest };
  }

  close(): Promise<void> {
    return this.#process.stop(undefined);
  }
}

/** The next JSON line of standard output, one caller at a time; lines that are no JSON objects are passed over. */
function answers(child: Subprocess): NextAnswer {
  const lines: Record<string, unknown>[] = [];
  let wake = () => {};
  createInterface({ input: child.child.stdout! }).on("line", (line) => {
    if (!line.startsWith("{")) return;
    lines.push(JSON.parse(line) as Record<string, unknown>);
    wake();
  });
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
    wake();
  });
  return async (timeoutMs) => {
    const deadline = performance.now() + timeoutMs;
    const timer = setTimeout(() => wake(), timeoutMs + 1);
    while (lines.length === 0 && !hasEnded && performance.now() < deadline) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    clearTimeout(timer);
    const line = lines.shift();
    if (line === undefined) throw child.failure(hasEnded ? "ended" : `no answer within ${timeoutMs / 1000} s`);
    return line;
  };
}
