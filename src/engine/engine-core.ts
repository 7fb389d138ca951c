/** EngineCore: the loop that schedules, lets the worker compute, and hands the outputs on. */
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { Request } from "../request/request.js";
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { PhaseTime, StepProfile } from "../request/step-profile.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { EngineDeadError, UnsupportedError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import { StepMarker } from "./step-marks.js";
import { StructuredRequests } from "./structured-requests.js";
import { StepTimes } from "./step-times.js";
import type {
  EngineCoreOutput,
  EngineCoreRequest,
  EngineCoreStats,
  JsTimeMs,
  TransportEvents,
  UtilityCalls,
} from "./transport.js";
import type { Worker } from "../worker/worker.js";

/** A step that computes nothing while requests wait, so often in a row, means that nothing will ever change. */
const MAX_EMPTY_STEPS = 3;
/** While all running requests wait for their grammars, the core looks up so often. */
const GRAMMAR_WAIT_MS = 5;

/**
 * Drives one worker. Requests, aborts and utility calls are taken in at any time and done between two steps, in their
 * order. While there is no work, nothing runs: no timer keeps the process alive.
 */
export class EngineCore {
  readonly #worker: Worker;
  readonly #scheduler: Scheduler;
  readonly #events: TransportEvents;
  /** Done before the next step. */
  #inbox: (() => void)[] = [];
  /** Outputs that the front has not got yet: of the last step, and of requests that ended outside a step. */
  #unsent: EngineCoreOutput[] = [];
  /** Told when nothing is left to compute, or the engine ended. */
  #drainWaiters: (() => void)[] = [];
  #loop: Promise<void> | undefined;
  #ended: EngineDeadError | undefined;
  /** Requests with structured outputs. */
  readonly #structured = new StructuredRequests();
  #emptySteps = 0;
  #numSteps = 0;
  #numScheduledTokens = 0;
  #numGeneratedTokens = 0;
  readonly #jsTimeMs: JsTimeMs = { schedule: 0, update: 0, outputs: 0 };
  readonly #stepTimes = new StepTimes();
  readonly #marker = new StepMarker();
  readonly #profileListeners = new Set<(step: StepProfile) => void>();
  /** The core's own phases of a step that is measured. */
  #phases: PhaseTime[] | undefined;

  constructor(worker: Worker, scheduler: Scheduler, events: TransportEvents) {
    this.#worker = worker;
    this.#scheduler = scheduler;
    this.#events = events;
  }

  /** Takes requests in; one that the scheduler refuses ends with reason "error". */
  addRequests(requests: readonly EngineCoreRequest[]): void {
    const now = performance.now();
    this.#enqueue(() => {
      for (const request of requests) {
        if (request.params.structuredOutputs === null) this.#add(request, now);
        else void this.#addStructured(request, now);
      }
    });
  }

  /** Ends requests before the next step, without an output. Unknown ids are ignored. */
  abort(requestIds: readonly string[]): void {
    this.#enqueue(() => {
      this.#scheduler.abortRequests(requestIds);
      for (const id of requestIds) {
        this.#marker.ended(id);
        this.#structured.close(id);
      }
    });
  }

  /** Does a utility call between two steps. */
  call<Name extends keyof UtilityCalls>(
    name: Name,
    ...args: Parameters<UtilityCalls[Name]>
  ): Promise<Awaited<ReturnType<UtilityCalls[Name]>>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    type Result = Awaited<ReturnType<UtilityCalls[Name]>>;
    const call = this.#utilityCalls[name] as (...args: Parameters<UtilityCalls[Name]>) => Result | Promise<Result>;
    if (name === "compileGrammar" || name === "setVocabulary") return call(...args) as Promise<Result>;
    return new Promise((resolve, reject) => {
      this.#enqueue(() => {
        if (this.#ended !== undefined) return reject(this.#ended);
        try {
          resolve(call(...args));
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  readonly #utilityCalls: UtilityCalls = {
    resetPrefixCache: (resetRunningRequests) => this.#scheduler.resetPrefixCache(resetRunningRequests),
    setPause: (state) => this.#scheduler.setPause(state),
    drain: () =>
      new Promise((resolve, reject) =>
        this.#drainWaiters.push(() => (this.#ended === undefined ? resolve() : reject(this.#ended))),
      ),
    sleep: (level) => {
      if (this.#worker.sleep === undefined) throw new UnsupportedError("sleep: this worker cannot give memory back");
      this.#scheduler.resetPrefixCache(true);
      this.#worker.sleep(level);
    },
    wakeUp: async (tags) => this.#worker.wakeUp?.(tags),
    setVocabulary: (vocabulary) => this.#structured.setVocabulary(vocabulary),
    compileGrammar: (outputs) => this.#structured.compile(outputs),
    probe: () => this.#worker.probe?.(),
  };

  /** Figures as of now. @param lastSteps of how many steps `recentSteps` is at most */
  stats(lastSteps?: number): EngineCoreStats {
    const scheduler = this.#scheduler.stats();
    return {
      ...scheduler,
      numWaiting: scheduler.numWaiting + this.#structured.numOpening,
      numSteps: this.#numSteps,
      numScheduledTokens: this.#numScheduledTokens,
      numGeneratedTokens: this.#numGeneratedTokens,
      jsTimeMs: { ...this.#jsTimeMs },
      recentSteps: this.#stepTimes.recent(lastSteps),
    };
  }

  /** Measures every step from the next one on, and tells; between two steps, so that steps stay as they are. */
  profileSteps(listener: (step: StepProfile) => void): () => void {
    this.#profileListeners.add(listener);
    return () => void this.#profileListeners.delete(listener);
  }

  /** Lets the step under way end and disposes of the worker. Waiting utility calls are rejected. */
  async close(): Promise<void> {
    const isFirst = this.#ended === undefined;
    this.#ended ??= new EngineDeadError("the engine was closed");
    await this.#loop;
    this.#drainInbox();
    for (const tell of this.#drainWaiters.splice(0)) tell();
    await this.#structured.shutDown();
    if (isFirst) this.#worker.dispose();
  }

  #enqueue(command: () => void): void {
    if (this.#ended !== undefined) return;
    this.#inbox.push(command);
    this.#loop ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      // A turn of the event loop, so that requests that come together start together.
      await nextTurn();
      while (this.#ended === undefined) {
        this.#drainInbox();
        if (this.#inbox.length > 0) continue;
        if (this.#scheduler.hasWork()) await this.#step();
        else if (this.#unsent.length > 0) this.#send();
        else break;
      }
      for (const tell of this.#drainWaiters.splice(0)) tell();
      this.#events.idle?.();
    } catch (cause) {
      this.#die(cause);
    } finally {
      this.#loop = undefined;
    }
  }

  #drainInbox(): void {
    const commands = this.#inbox;
    this.#inbox = [];
    for (const command of commands) command();
  }

  #add(options: EngineCoreRequest, timeMs: number): void {
    try {
      this.#scheduler.addRequest(new Request(options));
      this.#marker.queued(options.requestId, timeMs);
    } catch (error) {
      this.#structured.close(options.requestId);
      this.#unsent.push(ended(options.requestId, "error", messageOf(error)));
    }
  }

  /** The request is taken in when its grammar is there; until then it holds nobody up. */
  async #addStructured(options: EngineCoreRequest, timeMs: number): Promise<void> {
    try {
      const isOpen = await this.#structured.open(options);
      if (isOpen) this.#enqueue(() => this.#addOpened(options, timeMs));
    } catch (error) {
      this.#enqueue(() => this.#unsent.push(ended(options.requestId, "error", messageOf(error))));
    }
  }

  /** Unless it was aborted since. */
  #addOpened(options: EngineCoreRequest, timeMs: number): void {
    if (this.#structured.has(options.requestId)) this.#add(options, timeMs);
  }

  /**
   * Starts a step, and while the worker computes, hands out what the last one gave and lets the event loop turn: texts, streams
   * and sockets cost the worker nothing. What comes in meanwhile goes into the next step.
   */
  async #step(): Promise<void> {
    const start = performance.now();
    this.#phases = this.#profileListeners.size > 0 ? [] : undefined;
    const structured = this.#structured;
    const step = this.#scheduler.schedule(structured.isBlocked);
    if (step.totalNumScheduledTokens === 0 && structured.hasBlocked) await this.#waitForGrammars();
    this.#marker.scheduled(step.scheduledNewRequests, this.#spent("schedule", start));
    this.#checkProgress(step);
    const computing = this.#worker.execute(step, this.#phases !== undefined, structured.masks(step));
    const [result] = await Promise.all([computing, this.#sendMeanwhile()]);
    const numSampled = this.#finishStep(step, result);
    const end = performance.now();
    if (step.totalNumScheduledTokens > 0) {
      this.#stepTimes.add(end - start, result.nativeMs ?? 0);
      this.#events.stepped?.(end - start, result.nativeMs ?? 0);
    }
    if (this.#phases !== undefined) this.#tellProfile(step, numSampled, start, end);
  }

  /** All that could run sits out; but not for long, so that what comes in meanwhile is taken in. */
  async #waitForGrammars(): Promise<void> {
    this.#emptySteps = 0;
    const timer = new AbortController();
    const timeout = delay(GRAMMAR_WAIT_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.#structured.unblocked(), timeout]);
    timer.abort();
  }

  /** Counts the time since `start` as this phase's. Returns now. */
  #spent(name: keyof JsTimeMs, start: number): number {
    const end = performance.now();
    this.#jsTimeMs[name] += end - start;
    this.#phases?.push({ name, startMs: start, endMs: end });
    return end;
  }

  #tellProfile(step: SchedulerOutput, numSampled: number, startMs: number, endMs: number): void {
    const { phases, runs } = this.#worker.takeProfile?.() ?? { phases: [], runs: [] };
    const { numRunning, numWaiting } = this.#scheduler.stats();
    const profile: StepProfile = {
      step: this.#numSteps - 1,
      startMs,
      endMs,
      phases: [...this.#phases!, ...phases].sort((a, b) => a.startMs - b.startMs),
      runs,
      numTokens: step.totalNumScheduledTokens,
      numRequests: step.numScheduledTokens.size,
      numSampled,
      numRunning,
      numWaiting,
    };
    this.#phases = undefined;
    for (const listener of this.#profileListeners) this.#tell(listener, profile);
  }

  /** A listener that throws is not asked again; the engine goes on. */
  #tell(listener: (step: StepProfile) => void, profile: StepProfile): void {
    try {
      listener(profile);
    } catch (error) {
      this.#profileListeners.delete(listener);
      process.emitWarning(`profileSteps: the listener failed and is not called any more: ${messageOf(error)}`);
    }
  }

  async #sendMeanwhile(): Promise<void> {
    this.#send();
    await nextTurn();
  }

  #send(): void {
    const start = performance.now();
    const outputs = this.#unsent;
    this.#unsent = [];
    this.#events.outputs(outputs, this.#marker.take());
    this.#spent("outputs", start);
  }

  /** Returns the number of tokens that the step sampled. */
  #finishStep(step: SchedulerOutput, result: ModelRunnerOutput): number {
    const start = performance.now();
    const complete = this.#structured.settle(result);
    const outputs = this.#scheduler.updateFromOutput(step, result);
    if (complete.length > 0) {
      this.#scheduler.finishRequests(complete, "stop");
      for (const requestId of complete) outputs.push(ended(requestId, "stop", null));
    }
    this.#structured.advance(outputs);
    let numSampled = 0;
    for (const { requestId, newTokenIds, finishReason } of outputs) {
      numSampled += newTokenIds.length;
      if (finishReason !== null) this.#marker.ended(requestId);
    }
    this.#numSteps++;
    this.#numScheduledTokens += step.totalNumScheduledTokens;
    this.#numGeneratedTokens += numSampled;
    this.#unsent.push(...outputs);
    this.#marker.stepped(this.#spent("update", start));
    return numSampled;
  }

  /** Empty steps may free something once; if they go on, the engine would spin for ever. */
  #checkProgress(step: SchedulerOutput): void {
    this.#emptySteps = step.totalNumScheduledTokens > 0 ? 0 : this.#emptySteps + 1;
    if (this.#emptySteps <= MAX_EMPTY_STEPS) return;
    const { numRunning, numWaiting, kvCacheUsage } = this.#scheduler.stats();
    throw new Error(
      `scheduler: ${numRunning} running and ${numWaiting} waiting requests, but ${MAX_EMPTY_STEPS} steps in a row ` +
        `computed nothing; ${(kvCacheUsage * 100).toFixed(0)} % of the KV cache is in use`,
    );
  }

  #die(cause: unknown): void {
    if (this.#ended !== undefined) return;
    const message = `the engine died: ${messageOf(cause)}`;
    this.#ended = new EngineDeadError(message, { cause });
    this.#drainInbox();
    for (const tell of this.#drainWaiters.splice(0)) tell();
    void this.#structured.shutDown();
    try {
      this.#worker.dispose();
    } catch {
      // The cause above is what matters.
    }
    this.#events.death(message, cause);
  }
}

/** The last word of a request that ended without a token. */
function ended(requestId: string, finishReason: "error" | "stop", errorMessage: string | null): EngineCoreOutput {
  return {
    requestId,
    newTokenIds: [],
    logprobs: null,
    promptLogprobs: null,
    finishReason,
    stopReason: null,
    errorMessage,
    numCachedTokens: 0,
  };
}
