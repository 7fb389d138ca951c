/** `quire bench startup`: fresh processes, timed from their start to the first token and to their end. */
import { spawn } from "node:child_process";
import { ResourceError } from "../../util/errors.js";
import { median } from "./statistics.js";
import { figure, textTable } from "./text-table.js";

/** What a child writes, one JSON line each, when it gets there. */
export type StartupEvent =
  { readonly event: "ready"; readonly phases: readonly StartupPhase[] } | { readonly event: "first token" };

/** A part of the start, as the child saw it. */
export interface StartupPhase {
  readonly name: string;
  /** Milliseconds from the start of the child's process. */
  readonly startMs: number;
  readonly endMs: number;
}

/** One process; milliseconds from its start, by the clock of the parent. */
export interface StartupIteration {
  /** The model is loaded. */
  readonly readyMs: number;
  readonly firstTokenMs: number;
  readonly exitMs: number;
  readonly phases: readonly StartupPhase[];
}

export interface StartupOptions {
  /** Program and arguments of the child. */
  readonly command: readonly string[];
  readonly numIters: number;
  /** Milliseconds for one process. */
  readonly timeoutMs: number;
  /** Ends the benchmark; what there is by then is the result. */
  readonly signal: AbortSignal;
  readonly onIteration?: (done: number, total: number) => void;
}

export interface StartupResult {
  /** The first one is the cold one: nothing was dropped from the system's caches before it. */
  readonly iterations: readonly StartupIteration[];
  readonly isInterrupted: boolean;
}

/** @throws ResourceError if a child fails or takes too long; its own words are on standard error */
export async function benchStartup(options: StartupOptions): Promise<StartupResult> {
  const iterations: StartupIteration[] = [];
  while (iterations.length < options.numIters && !options.signal.aborted) {
    const iteration = await startOnce(options);
    if (iteration !== undefined) iterations.push(iteration);
    options.onIteration?.(iterations.length, options.numIters);
  }
  return { iterations, isInterrupted: options.signal.aborted };
}

/** Undefined when the signal ended it. */
async function startOnce({ command, timeoutMs, signal }: StartupOptions): Promise<StartupIteration | undefined> {
  const [program, ...args] = command;
  const start = performance.now();
  const child = spawn(program!, args, { stdio: ["ignore", "pipe", "inherit"] });
  const stop = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  let readyMs: number | undefined;
  let firstTokenMs: number | undefined;
  let phases: readonly StartupPhase[] = [];
  let rest = "";
  child.stdout.on("data", (data: Buffer) => {
    const now = performance.now() - start;
    const lines = (rest + data.toString("utf8")).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const event = readEvent(line);
      if (event?.event === "ready") [readyMs, phases] = [now, event.phases];
      if (event?.event === "first token") firstTokenMs = now;
    }
  });
  const code = await new Promise<number | string | null>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, killer) => resolve(status ?? killer));
  });
  const exitMs = performance.now() - start;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  if (signal.aborted) return undefined;
  if (exitMs >= timeoutMs) throw new ResourceError(`the process did not end in ${timeoutMs / 1000} s (--timeout)`);
  if (code !== 0 || readyMs === undefined || firstTokenMs === undefined)
    throw new ResourceError(`the process that was to be measured ended with ${code}: ${command.join(" ")}`);
  return { readyMs, firstTokenMs, exitMs, phases };
}

function readEvent(line: string): StartupEvent | undefined {
  try {
    return JSON.parse(line) as StartupEvent;
  } catch {
    return undefined;
  }
}

/** The first start, the median of the others, and the others' phases. */
export function startupText({ iterations }: StartupResult): string {
  const [first, ...others] = iterations;
  if (first === undefined) return "nothing was measured\n";
  const warm = others.length > 0 ? others : [first];
  const row = (name: string, value: (iteration: StartupIteration) => number): string[] => [
    name,
    figure(value(first)),
    figure(median(warm.map(value))),
    figure(Math.min(...warm.map(value))),
    figure(Math.max(...warm.map(value))),
  ];
  const rows = [
    ["process start to, ms", "first start", `median of ${others.length} more`, "least", "most"],
    row("ready", (iteration) => iteration.readyMs),
    row("first token", (iteration) => iteration.firstTokenMs),
    row("exit", (iteration) => iteration.exitMs),
  ];
  const names = [...new Set(warm.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  const phases = names.map((name) => {
    const found = warm.flatMap((iteration) => iteration.phases.filter((phase) => phase.name === name));
    const duration = median(found.map(({ startMs, endMs }) => endMs - startMs));
    return [name, figure(median(found.map(({ startMs }) => startMs))), figure(duration)];
  });
  const phaseTable = phases.length === 0 ? "" : `\n${textTable([["phase, ms", "begins", "takes"], ...phases])}\n`;
  return `${textTable(rows)}\n${phaseTable}`;
}
