/** EngineCore: the loop that schedules, lets the worker compute, and hands the outputs on. */
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { Request } from "../request/request.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { PhaseTime, StepProfile } from "../request/step-profile.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { EngineDeadError, UnsupportedError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import { StepForecast } from "./step-forecast.js";
import { StepMarker } from "./step-marks.js";
import { StructuredRequests } from "./structured-requests.js";
import { StepTimes } from "./step-times.js";
import { StepUnderWay } from "./step-under-way.js";
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

/** How the core runs. */
export interface EngineCoreOptions {
  /** Plan a step while the one before computes, where worker and requests allow it. Default true. */
  readonly asyncScheduling?: boolean;
}

interface Command {
  readonly run: () => void;
  /** Only while no step is under way. */
  readonly atRest: boolean;
}

/**
 * Drives one worker. Requests, aborts and utility calls are taken in at any time and done before the next step is planned, in
 * their order. Up to two steps are under way: while one computes, the next is planned and waits behind it, and the outputs of the
 * one before are handed on. While there is no work, nothing runs: no timer keeps the process alive.
 */
export class EngineCore {
  readonly #worker: Worker;
  readonly #scheduler: Scheduler;
  readonly #events: TransportEvents;
  readonly #maxSteps: number;
  /** Done before the next step is planned. */
  readonly #inbox: Command[] = [];
  /** In the order in which they compute. */
  readonly #underWay: StepUnderWay[] = [];
  /** When the last step that ended stopped computing. */
  #lastEndMs = 0;
  readonly #forecast = new StepForecast();
  /** Ends the loop's wait. */
  #wake: (() => void) | undefined;
  /** A step that was planned ahead was empty; so would be another one, until something happens. */
  #nothingAhead = false;
  /** A step ended whose outputs the front has not got. */
  #hasNews = false;
  /** A step was given to the worker, and the event loop has not turned since. */
  #owesTurn = false;
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

  constructor(worker: Worker, scheduler: Scheduler, events: TransportEvents, options: EngineCoreOptions = {}) {
    this.#maxSteps = options.asyncScheduling === false ? 1 : (worker.maxSteps ?? 1);
    this.#worker = worker;
    this.#scheduler = scheduler;
    this.#events = events;
  }

  /** Takes requests in; one that the scheduler refuses ends with reason "error". */
  addRequests(requests: readonly EngineCoreRequest[]): void {
    const now = performance.now();
    if (this.#underWay.length > 0) this.#forecast.arrived(now);
    this.#enqueue(() => {
      for (const request of requests) {
        if (request.params.structuredOutputs === null) this.#add(request, now);
        else void this.#addStructured(request, now);
      }
    });
  }

  /** Ends requests before the next step is planned, without an output. Unknown ids are ignored. */
  abort(requestIds: readonly string[]): void {
    // A step under way may wait for a mask of such a request.
    const atRest = requestIds.some((id) => this.#structured.has(id));
    this.#enqueue(() => {
      this.#scheduler.abortRequests(requestIds);
      for (const id of requestIds) {
        this.#marker.ended(id);
        this.#structured.close(id);
      }
    }, atRest);
  }

  /** Does a utility call when no step is under way. */
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
      }, true);
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
      numDeferred: this.#structured.numOpening,
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

  #enqueue(run: () => void, atRest = false): void {
    if (this.#ended !== undefined) return;
    this.#inbox.push({ run, atRest });
    this.#loop ??= this.#run();
    this.#wake?.();
  }

  async #run(): Promise<void> {
    try {
      // A turn of the event loop, so that requests that come together start together.
      await nextTurn();
      do {
        while (this.#ended === undefined && (await this.#advance()));
        if (this.#underWay.length > 0) await this.#rest();
        // What comes from here on, or came while the last promise settled, must not be left lying.
        if (this.#ended === undefined && this.#inbox.length > 0) continue;
        for (const tell of this.#drainWaiters.splice(0)) tell();
        this.#events.idle?.();
      } while (this.#ended === undefined && this.#inbox.length > 0);
    } catch (cause) {
      await this.#rest();
      this.#die(cause);
    } finally {
      this.#loop = undefined;
    }
  }

  /** Does one thing, the most urgent. @returns false when there is nothing to do */
  async #advance(): Promise<boolean> {
    this.#drainInbox();
    const [oldest] = this.#underWay;
    const isHandedOut = !this.#hasNews && !this.#owesTurn;
    if (oldest?.isEnded === true && isHandedOut) this.#finishStep(this.#underWay.shift()!);
    else {
      const delayMs = this.#mayPlan() ? this.#planningDelay() : undefined;
      if (delayMs === 0) await this.#start();
      else if (!isHandedOut) await this.#handOut();
      else if (oldest !== undefined) await this.#wait(delayMs);
      else return this.#inbox.length > 0;
    }
    return true;
  }

  #mayPlan(): boolean {
    if (this.#underWay.length === 0) return this.#scheduler.hasWork();
    if (this.#underWay.length >= this.#maxSteps || this.#inbox.length > 0 || this.#nothingAhead) return false;
    return this.#scheduler.canPlanAhead();
  }

  /** Milliseconds until the next step should be planned; 0: now. */
  #planningDelay(): number {
    const last = this.#underWay.at(-1);
    if (last?.beganMs === undefined) return 0;
    return this.#forecast.delay(last.step.totalNumScheduledTokens, last.beganMs, performance.now());
  }

  /** Until a step ends, a command comes, or so many milliseconds are over. */
  #wait(delayMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = delayMs === undefined ? undefined : setTimeout(() => this.#wake?.(), delayMs);
      this.#wake = () => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Until no step is under way; what they give is dropped. */
  async #rest(): Promise<void> {
    for (; this.#underWay.length > 0; this.#underWay.shift()) while (!this.#underWay[0]!.isEnded) await this.#wait();
  }

  #drainInbox(): void {
    while (this.#inbox.length > 0) {
      if (this.#inbox[0]!.atRest && this.#underWay.length > 0) return;
      this.#inbox.shift()!.run();
      this.#nothingAhead = false;
    }
  }

  #add(options: EngineCoreRequest, timeMs: number): void {
    try {
      this.#scheduler.addRequest(new Request(options));
      this.#marker.queued(options.requestId, timeMs);
    } catch (error) {
      this.#structured.close(options.requestId);
      this.#refuse(options, error);
    }
  }

  #refuse({ requestId }: EngineCoreRequest, error: unknown): void {
    this.#unsent.push(ended(requestId, "error", messageOf(error)));
    this.#hasNews = true;
  }

  /** The request is taken in when its grammar is there; until then it holds nobody up. */
  async #addStructured(options: EngineCoreRequest, timeMs: number): Promise<void> {
    try {
      const isOpen = await this.#structured.open(options);
      if (isOpen) this.#enqueue(() => this.#addOpened(options, timeMs));
    } catch (error) {
      this.#enqueue(() => this.#refuse(options, error));
    }
  }

  /** Unless it was aborted since. */
  #addOpened(options: EngineCoreRequest, timeMs: number): void {
    if (this.#structured.has(options.requestId)) this.#add(options, timeMs);
  }

  /**
   * Plans a step and gives it to the worker.
   * @returns settles when it is worth while to plan again, where all that could run waits for grammars
   */
  #start(): Promise<void> | undefined {
    const plannedMs = performance.now();
    const step = this.#scheduler.schedule(this.#structured.isBlocked);
    const isAhead = this.#underWay.length > 0;
    const phases: PhaseTime[] | undefined = this.#profileListeners.size > 0 ? [] : undefined;
    this.#marker.scheduled(step.scheduledNewRequests, this.#spent("schedule", plannedMs, phases));
    this.#nothingAhead = isAhead && step.totalNumScheduledTokens === 0;
    if (this.#nothingAhead) return undefined;
    const waiting = step.totalNumScheduledTokens === 0 && this.#structured.hasBlocked;
    if (waiting) this.#emptySteps = 0;
    else this.#checkProgress(step);
    const entry = new StepUnderWay(step, { plannedMs, isAhead, phases });
    this.#underWay.push(entry);
    this.#owesTurn = true;
    const computing = this.#worker.execute(step, phases !== undefined, this.#structured.masks(step));
    entry.follow(computing, () => this.#wake?.());
    return waiting ? this.#waitForGrammars() : undefined;
  }

  /** All that could run sits out; but not for long, so that what comes in meanwhile is taken in. */
  async #waitForGrammars(): Promise<void> {
    const timer = new AbortController();
    const timeout = delay(GRAMMAR_WAIT_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.#structured.unblocked(), timeout]);
    timer.abort();
  }

  /** Takes up the results of a step that has ended. @throws what the worker failed with */
  #finishStep(entry: StepUnderWay): void {
    const { step, result } = entry;
    const start = performance.now();
    this.#nothingAhead = false;
    const complete = this.#structured.settle(step, result);
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
    this.#hasNews = true;
    this.#marker.stepped(this.#spent("update", start, entry.phases));
    this.#measure(entry, numSampled);
  }

  /**
   * A step's time begins when it is planned, or, planned ahead, when the one before stops computing; it ends when its results are
   * taken up, or, where another one waits behind it, when it stops computing. So the times of steps do not overlap, and what is
   * not native in them is time in which nothing computes.
   */
  #measure(entry: StepUnderWay, numSampled: number): void {
    const { step, result, isAhead } = entry;
    const [next] = this.#underWay;
    const nowMs = performance.now();
    const computedMs = result.nativeEndMs ?? nowMs;
    const startMs = isAhead ? this.#lastEndMs : entry.plannedMs;
    const endMs = next === undefined ? nowMs : computedMs;
    this.#lastEndMs = computedMs;
    if (next !== undefined) next.beganMs = computedMs;
    if (step.totalNumScheduledTokens > 0) {
      const nativeMs = result.nativeMs ?? 0;
      if (result.nativeMs !== undefined) this.#forecast.add(step.totalNumScheduledTokens, nativeMs);
      this.#stepTimes.add(endMs - startMs, nativeMs);
      this.#events.stepped?.(endMs - startMs, nativeMs);
    }
    if (entry.phases !== undefined) this.#tellProfile(step, entry.phases, { numSampled, startMs, endMs });
  }

  /** Counts the time since `startMs` as this phase's. Returns now. */
  #spent(name: keyof JsTimeMs, startMs: number, phases: PhaseTime[] | undefined): number {
    const endMs = performance.now();
    this.#jsTimeMs[name] += endMs - startMs;
    phases?.push({ name, startMs, endMs });
    return endMs;
  }

  #tellProfile(
    step: SchedulerOutput,
    ownPhases: readonly PhaseTime[],
    of: Pick<StepProfile, "numSampled" | "startMs" | "endMs">,
  ): void {
    const { phases, runs } = this.#worker.takeProfile?.() ?? { phases: [], runs: [] };
    const { numRunning, numWaiting } = this.#scheduler.stats();
    const profile: StepProfile = {
      ...of,
      step: this.#numSteps - 1,
      phases: [...ownPhases, ...phases].sort((a, b) => a.startMs - b.startMs),
      runs,
      numTokens: step.totalNumScheduledTokens,
      numRequests: step.numScheduledTokens.size,
      numRunning,
      numWaiting,
    };
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

  /** Hands outputs on and lets the event loop turn: while a step computes, texts, streams and sockets cost the worker nothing. */
  async #handOut(): Promise<void> {
    if (this.#hasNews) this.#send();
    this.#owesTurn = false;
    // Where steps may wait behind others, each settles in a turn of its own.
    if (this.#maxSteps === 1) await nextTurn();
  }

  #send(): void {
    const start = performance.now();
    const outputs = this.#unsent;
    this.#unsent = [];
    this.#hasNews = false;
    this.#events.outputs(outputs, this.#marker.take());
    this.#spent("outputs", start, this.#underWay[0]?.phases);
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
