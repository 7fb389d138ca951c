/** EngineCore: the loop that schedules, lets the worker compute, and hands the outputs on. */
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Request } from "../request/request.js";
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { EngineDeadError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
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
  #loop: Promise<void> | undefined;
  #ended: EngineDeadError | undefined;
  #emptySteps = 0;
  #numSteps = 0;
  #numScheduledTokens = 0;
  #numGeneratedTokens = 0;
  readonly #jsTimeMs: JsTimeMs = { schedule: 0, update: 0, outputs: 0 };

  constructor(worker: Worker, scheduler: Scheduler, events: TransportEvents) {
    this.#worker = worker;
    this.#scheduler = scheduler;
    this.#events = events;
  }

  /** Takes requests in; one that the scheduler refuses ends with reason "error". */
  addRequests(requests: readonly EngineCoreRequest[]): void {
    this.#enqueue(() => {
      for (const request of requests) this.#add(request);
    });
  }

  /** Ends requests before the next step, without an output. Unknown ids are ignored. */
  abort(requestIds: readonly string[]): void {
    this.#enqueue(() => this.#scheduler.abortRequests(requestIds));
  }

  /** Does a utility call between two steps. */
  call<Name extends keyof UtilityCalls>(name: Name): Promise<ReturnType<UtilityCalls[Name]>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const calls: UtilityCalls = { resetPrefixCache: () => this.#scheduler.resetPrefixCache() };
    return new Promise((resolve, reject) => {
      this.#enqueue(() => {
        if (this.#ended !== undefined) return reject(this.#ended);
        try {
          resolve(calls[name]() as ReturnType<UtilityCalls[Name]>);
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  /** Figures as of now. */
  stats(): EngineCoreStats {
    return {
      ...this.#scheduler.stats(),
      numSteps: this.#numSteps,
      numScheduledTokens: this.#numScheduledTokens,
      numGeneratedTokens: this.#numGeneratedTokens,
      jsTimeMs: { ...this.#jsTimeMs },
    };
  }

  /** Lets the step under way end and disposes of the worker. Waiting utility calls are rejected. */
  async close(): Promise<void> {
    const isFirst = this.#ended === undefined;
    this.#ended ??= new EngineDeadError("the engine was closed");
    await this.#loop;
    this.#drainInbox();
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
        if (this.#scheduler.hasUnfinishedRequests()) await this.#step();
        else if (this.#unsent.length > 0) this.#send();
        else break;
      }
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

  #add(options: EngineCoreRequest): void {
    try {
      this.#scheduler.addRequest(new Request(options));
    } catch (error) {
      this.#unsent.push({
        requestId: options.requestId,
        newTokenIds: [],
        logprobs: null,
        promptLogprobs: null,
        finishReason: "error",
        stopReason: null,
        errorMessage: messageOf(error),
        numCachedTokens: 0,
      });
    }
  }

  /**
   * Starts a step, and while the worker computes, hands out what the last one gave and lets the event loop turn: texts, streams
   * and sockets cost the worker nothing. What comes in meanwhile goes into the next step.
   */
  async #step(): Promise<void> {
    const start = performance.now();
    const step = this.#scheduler.schedule();
    this.#jsTimeMs.schedule += performance.now() - start;
    this.#checkProgress(step);
    const computing = this.#worker.execute(step);
    const [result] = await Promise.all([computing, this.#sendMeanwhile()]);
    this.#finishStep(step, result);
  }

  async #sendMeanwhile(): Promise<void> {
    this.#send();
    await nextTurn();
  }

  #send(): void {
    const start = performance.now();
    const outputs = this.#unsent;
    this.#unsent = [];
    if (outputs.length > 0) this.#events.outputs(outputs);
    this.#jsTimeMs.outputs += performance.now() - start;
  }

  #finishStep(step: SchedulerOutput, result: ModelRunnerOutput): void {
    const start = performance.now();
    const outputs = this.#scheduler.updateFromOutput(step, result);
    this.#numSteps++;
    this.#numScheduledTokens += step.totalNumScheduledTokens;
    for (const output of outputs) this.#numGeneratedTokens += output.newTokenIds.length;
    this.#unsent.push(...outputs);
    this.#jsTimeMs.update += performance.now() - start;
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
    try {
      this.#worker.dispose();
    } catch {
      // The cause above is what matters.
    }
    this.#events.death(message, cause);
  }
}
