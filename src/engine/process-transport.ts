/** Transport to an engine core in a process of its own. */
import type { EngineConfig } from "../config/engine-config.js";
import { programPlace } from "../plugins/program-place.js";
import type { StepProfile } from "../request/step-profile.js";
import { EngineDeadError, ResourceError } from "../util/errors.js";
import type { EngineChild } from "./engine-child.js";
import { Heartbeat } from "./heartbeat.js";
import { StepTimes } from "./step-times.js";
import type { EngineCoreRequest, EngineCoreStats, Transport, TransportEvents, UtilityCalls } from "./transport.js";
import { errorFromData } from "./wire/error-data.js";
import type { CoreFigures, CoreMessage, StepMessage } from "./wire/messages.js";
import { outputFromRow } from "./wire/output-row.js";
import { shiftProfile } from "./wire/shift-profile.js";
import type { ModelInfo, WorkerHooks } from "../worker/worker.js";

/** Milliseconds that the step under way may take to end when the engine is closed. */
const CLOSE_LIMIT_MS = 5000;

/** What is needed of an EngineChild. */
export type CoreProcess = Pick<EngineChild, "send" | "onMessage" | "onEnd" | "ended" | "hold" | "kill">;

/**
 * Lets a process load the model.
 *
 * @param child  a process that was just started
 * @param config with paths, where models have names on the hub
 * @throws what loading throws there, as the same class; ResourceError if the process ends before it is done
 */
export async function createProcessTransport(
  child: CoreProcess,
  config: EngineConfig,
  hooks: WorkerHooks = {},
): Promise<Transport> {
  const log = hooks.log ?? ((line: string) => process.emitWarning(line));
  try {
    const ready = await new Promise<Extract<CoreMessage, { type: "ready" }>>((resolve, reject) => {
      child.onEnd = (end) => reject(new ResourceError(`the engine died while it loaded the model: ${end}`));
      child.onMessage = (message) => {
        if (message.type === "log") log(message.line);
        else if (message.type === "progress") hooks.progress?.(message.progress);
        else if (message.type === "failed") reject(errorFromData(message.error));
        else if (message.type === "ready") resolve(message);
      };
      child.send({ type: "start", config, program: programPlace() });
    });
    return new ProcessTransport(child, ready, log);
  } catch (error) {
    child.kill();
    await child.ended;
    throw error;
  }
}

interface OpenCall {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The front's end of the socket. */
class ProcessTransport implements Transport {
  readonly info: ModelInfo;
  readonly #child: CoreProcess;
  readonly #log: (line: string) => void;
  readonly #heartbeat: Heartbeat;
  /** From times there to times here. */
  readonly #shiftMs: number;
  readonly #stepTimes = new StepTimes();
  readonly #open = new Set<string>();
  readonly #calls = new Map<number, OpenCall>();
  readonly #listeners = new Set<(step: StepProfile) => void>();
  #stats: CoreFigures;
  #numCalls = 0;
  #events: TransportEvents | undefined;
  /** Why nothing can be asked any more. */
  #ended: EngineDeadError | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    child: CoreProcess,
    { info, stats, timeOrigin }: Extract<CoreMessage, { type: "ready" }>,
    log: (line: string) => void,
  ) {
    this.info = info;
    this.#child = child;
    this.#log = log;
    this.#stats = stats;
    this.#shiftMs = timeOrigin - performance.timeOrigin;
    this.#heartbeat = new Heartbeat(() => child.send({ type: "ping" }));
    child.onMessage = (message) => this.#take(message);
    child.onEnd = (end) => this.#die(`the engine died: ${end}`);
    this.#hold();
  }

  get isResponding(): boolean {
    return this.#ended === undefined && this.#heartbeat.isBeating;
  }

  listen(events: TransportEvents): void {
    if (this.#events !== undefined) throw new EngineDeadError("this engine core has a listener already");
    this.#events = events;
  }

  addRequests(requests: readonly EngineCoreRequest[]): void {
    if (this.#ended !== undefined) return;
    this.#child.send({ type: "add", requests });
    for (const { requestId } of requests) this.#open.add(requestId);
    this.#hold();
  }

  abort(requestIds: readonly string[]): void {
    if (this.#ended !== undefined) return;
    this.#child.send({ type: "abort", requestIds });
    for (const id of requestIds) this.#open.delete(id);
    this.#hold();
  }

  call<Name extends keyof UtilityCalls>(
    name: Name,
    ...args: Parameters<UtilityCalls[Name]>
  ): Promise<Awaited<ReturnType<UtilityCalls[Name]>>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#numCalls++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#child.send({ type: "call", id, name, args });
      this.#hold();
    });
  }

  profileSteps(listener: (step: StepProfile) => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#child.send({ type: "profile", on: true });
    return () => this.#forget(listener);
  }

  stats(lastSteps?: number): EngineCoreStats {
    return { ...this.#stats, recentSteps: this.#stepTimes.recent(lastSteps) };
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const isStuck = !this.#heartbeat.isBeating;
    this.#end(new EngineDeadError("the engine was closed"));
    this.#child.hold(true);
    if (isStuck) this.#child.kill();
    else this.#child.send({ type: "close" });
    const timer = setTimeout(() => this.#child.kill(), CLOSE_LIMIT_MS);
    await this.#child.ended;
    clearTimeout(timer);
  }

  #take(message: CoreMessage): void {
    this.#heartbeat.heard();
    switch (message.type) {
      case "step":
        return this.#takeStep(message.step);
      case "answer":
        return this.#settle(message.id, (call) => call.resolve(message.value as never));
      case "refusal":
        return this.#settle(message.id, (call) => call.reject(errorFromData(message.error)));
      case "profile":
        return this.#tell(shiftProfile(message.profile, this.#shiftMs));
      case "log":
        return this.#log(message.line);
      case "death":
        return this.#die(message.message, errorFromData(message.cause));
    }
  }

  #takeStep({ outputs, marks, stats, times }: StepMessage): void {
    this.#stats = stats;
    for (let i = 0; i + 1 < times.length; i += 2) this.#stepTimes.add(times[i]!, times[i + 1]!);
    if (this.#ended !== undefined) return;
    for (const [requestId, , finishReason] of outputs) if (finishReason !== null) this.#open.delete(requestId);
    if (marks.length === 0) this.#events?.outputs([], { endMs: 0, starts: [] });
    let start = 0;
    for (const [numOutputs, ofStep] of marks) {
      this.#events?.outputs(outputs.slice(start, start + numOutputs).map(outputFromRow), ofStep);
      start += numOutputs;
    }
    this.#hold();
  }

  #settle(id: number, settle: (call: OpenCall) => void): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (call !== undefined) settle(call);
    this.#hold();
  }

  #tell(step: StepProfile): void {
    for (const listener of this.#listeners) {
      try {
        listener(step);
      } catch (error) {
        this.#forget(listener);
        process.emitWarning(`profileSteps: the listener failed and is not called any more: ${String(error)}`);
      }
    }
  }

  #forget(listener: (step: StepProfile) => void): void {
    if (this.#listeners.delete(listener) && this.#listeners.size === 0)
      this.#child.send({ type: "profile", on: false });
  }

  /** While something is awaited, this process stays alive. */
  #hold(): void {
    this.#child.hold(this.#open.size + this.#calls.size > 0);
  }

  #die(message: string, cause?: Error): void {
    if (this.#ended !== undefined) return;
    this.#end(new EngineDeadError(message, { cause }));
    this.#events?.death(message, cause);
    // One that said that it died, and does not end, is ended.
    setTimeout(() => this.#child.kill(), 1000).unref();
  }

  #end(error: EngineDeadError): void {
    this.#ended ??= error;
    this.#heartbeat.stop();
    for (const call of this.#calls.values()) call.reject(this.#ended);
    this.#calls.clear();
    this.#open.clear();
    this.#child.hold(false);
  }
}
