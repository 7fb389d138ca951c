/** TraceFile: the trace of `--profile FILE`, a track per compute thread and one of JavaScript, for Perfetto and chrome://tracing. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { EngineConfig } from "../config/engine-config.js";
import type { OpProfile, RunProfile, StepProfile } from "../request/step-profile.js";
import { ConfigError } from "../util/errors.js";
import { opWindows } from "../util/spans.js";
import { messageOf } from "../util/text.js";
import { TraceWriter } from "../util/trace-writer.js";
import type { ModelInfo } from "../worker/worker.js";

/** About 200 MB of file: what viewers still open with ease. */
const MAX_EVENTS = 1_000_000;

/** Shorter gaps of a thread are left as gaps. */
const MIN_WAIT_NS = 500;

const PROCESS = 1;
const JAVASCRIPT = 1;
const OPS = 2;
const STEPS = 3;
const FIRST_THREAD = 10;

/** One event of the trace event format; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  /** X: a slice, C: a counter, M: metadata. */
  readonly ph: "X" | "C" | "M";
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/**
 * Looks whether `--profile` names a file that there can be, before anything is loaded. The file is not touched.
 * @throws ConfigError if its folder does not exist, or it is a folder
 */
export function checkProfileOption({ profile }: Pick<EngineConfig, "profile">): void {
  if (profile === undefined) return;
  const folder = dirname(profile);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw cannotWrite(profile, `there is no folder ${folder}`);
  if (statSync(profile, { throwIfNoEntry: false })?.isFile() === false)
    throw cannotWrite(profile, "it is there already and no regular file");
}

function cannotWrite(path: string, reason: string): ConfigError {
  return new ConfigError(`profile (--profile): expected a file to write to; got ${path}: ${reason}; name another file`);
}

/** Writes steps as they come. */
export class TraceFile {
  readonly #writer: TraceWriter;
  #numThreads = 0;

  /**
   * @param log gets a line when the trace ends before the engine does
   * @throws ConfigError when the file cannot be written
   */
  constructor(path: string, log: (line: string) => void, maxEvents = MAX_EVENTS) {
    try {
      this.#writer = new TraceWriter(path, maxEvents, (end) =>
        log(
          end.reason === "full"
            ? `--profile: ${path} has ${this.#writer.numEvents} events and is full; later steps are not in it`
            : `--profile: ${path} cannot be written any more, later steps are not in it: ${end.message}`,
        ),
      );
    } catch (error) {
      throw cannotWrite(path, messageOf(error));
    }
  }

  /** Names the process and the first tracks. */
  describe(info: ModelInfo): void {
    const name = `quire: ${info.architecture} ${info.dtype}, ${info.platform}`;
    this.#writer.add([
      { name: "process_name", ph: "M", pid: PROCESS, args: { name } } satisfies TraceEvent,
      ...trackNames(JAVASCRIPT, "JavaScript"),
      ...trackNames(STEPS, "steps"),
      ...trackNames(OPS, "ops (all threads)"),
    ]);
  }

  /** Adds one step. */
  add(step: StepProfile): void {
    if (!this.#writer.isOpen) return;
    const threads = Math.max(0, ...step.runs.map((run) => run.threads));
    for (; this.#numThreads < threads; this.#numThreads++)
      this.#writer.add(trackNames(FIRST_THREAD + this.#numThreads, `compute thread ${this.#numThreads}`));
    this.#writer.add([...stepEvents(step), ...step.runs.flatMap((run) => [...opEvents(run), ...threadEvents(run)])]);
  }

  /** Writes what is left. Can be called again. */
  close(): void {
    this.#writer.close();
  }
}

function trackNames(tid: number, name: string): TraceEvent[] {
  return [
    { name: "thread_name", ph: "M", pid: PROCESS, tid, args: { name } },
    { name: "thread_sort_index", ph: "M", pid: PROCESS, tid, args: { sort_index: tid } },
  ];
}

/** The step, its phases, which may lie in the times of its neighbours, and the number of requests after it. */
function stepEvents(step: StepProfile): TraceEvent[] {
  const { startMs, endMs, phases, runs, numTokens, numRequests, numSampled, numRunning, numWaiting } = step;
  const nativeMs = runs.reduce((sum, run) => sum + run.endMs - run.startMs, 0);
  const args = { numTokens, numRequests, numSampled, numRunning, numWaiting, nativeMs: round(nativeMs) };
  return [
    slice(STEPS, `step ${step.step}`, startMs * 1e3, endMs * 1e3, args),
    ...phases.map((phase) =>
      slice(JAVASCRIPT, phase.name, phase.startMs * 1e3, phase.endMs * 1e3, { step: step.step }),
    ),
    {
      name: "requests",
      ph: "C",
      pid: PROCESS,
      ts: round(endMs * 1e3),
      args: { running: numRunning, waiting: numWaiting },
    },
  ];
}

/** What all threads together did: the run, and its ops with what they moved and computed. */
function opEvents(run: RunProfile): TraceEvent[] {
  const start = run.startMs * 1e3;
  const events = [slice(OPS, "native run", start, run.endMs * 1e3, { ops: run.ops.length })];
  opWindows(run).forEach(({ entered, left, busy }, i) => {
    const args = opArguments(run.ops[i]!, left - entered);
    const waiting = left > entered ? 1 - busy / (run.threads * (left - entered)) : 0;
    events.push(
      slice(OPS, run.ops[i]!.kind, start + entered / 1e3, start + left / 1e3, { ...args, waiting: round(waiting) }),
    );
  });
  return events;
}

function opArguments({ scope, shapes, bytesRead, bytesWritten, flops }: OpProfile, nanoseconds: number) {
  const rate = (amount: number): number => (nanoseconds > 0 ? round(amount / nanoseconds) : 0);
  const rates = { "GB/s": rate(bytesRead + bytesWritten), "GFLOP/s": rate(flops) };
  return { scope, shapes, bytesRead, bytesWritten, flops, ...rates };
}

/** Each thread's ops, and its waits before, between and after them. */
function threadEvents({ startMs, endMs, threads, spans, ops }: RunProfile): TraceEvent[] {
  const events: TraceEvent[] = [];
  const start = startMs * 1e3;
  for (let thread = 0; thread < threads; thread++) {
    const tid = FIRST_THREAD + thread;
    let free = 0;
    const waitUntil = (now: number): void => {
      if (now - free >= MIN_WAIT_NS) events.push(slice(tid, "wait", start + free / 1e3, start + now / 1e3));
    };
    ops.forEach(({ kind, scope }, op) => {
      const at = 2 * (thread * ops.length + op);
      const [entered, left] = [spans[at]!, spans[at + 1]!];
      if (entered < 0) return;
      waitUntil(entered);
      events.push(slice(tid, kind, start + entered / 1e3, start + left / 1e3, { scope }));
      free = left;
    });
    waitUntil((endMs - startMs) * 1e6);
  }
  return events;
}

/** A slice between two moments in microseconds. */
function slice(tid: number, name: string, start: number, end: number, args?: TraceEvent["args"]): TraceEvent {
  const ts = round(start);
  const event = { name, ph: "X", pid: PROCESS, tid, ts, dur: round(Math.max(0, round(end) - ts)) } as const;
  return args === undefined ? event : { ...event, args };
}

/** To thousandths: nanoseconds of a time in microseconds. */
function round(value: number): number {
  return Math.round(value * 1e3) / 1e3;
}
