/** Transport: how the front (LLM, AsyncLLM) and the engine core talk. Plain data only, so it may cross a process border. */
import type { PackedVocabulary } from "../grammar/vocabulary.js";
import type { PauseState, SleepLevel, WakeTag } from "../request/pause.js";
import type { RequestOptions } from "../request/request.js";
import type { StructuredOutputs } from "../request/structured-outputs.js";
import type { RequestStepOutput } from "../scheduler/request-step-output.js";
import type { SchedulerStats } from "../scheduler/scheduler.js";
import type { MachineSpeed, StepProfile } from "../request/step-profile.js";
import type { StepMarks } from "./step-marks.js";
import type { RecentSteps } from "./step-times.js";
import type { ModelInfo } from "../worker/worker.js";

/** A checked request with one output: `params.n` is 1, `params.seed` and `params.maxTokens` are numbers. */
export type EngineCoreRequest = RequestOptions;

/** What one step gave one request. A request that was aborted sends nothing more. */
export type EngineCoreOutput = RequestStepOutput;

/** Figures of the core. Counters grow from the start of the engine. */
export interface EngineCoreStats extends SchedulerStats {
  /** Of those that wait, the ones that are not ready yet: their grammar is being made. */
  readonly numDeferred: number;
  /** Counter. */
  readonly numSteps: number;
  /** Counter: tokens computed, prompt and output. */
  readonly numScheduledTokens: number;
  /** Counter: tokens sampled. */
  readonly numGeneratedTokens: number;
  /** Counters: time that the core held its event loop. */
  readonly jsTimeMs: JsTimeMs;
  /** Medians over the last steps. */
  readonly recentSteps: RecentSteps;
}

/** Milliseconds of JavaScript, summed over all steps. */
export interface JsTimeMs {
  schedule: number;
  update: number;
  /** Handing the outputs on; in one process that includes detokenizing. */
  outputs: number;
}

/** Calls that the front may make besides requests, and their answers; all is plain data. Begun between two steps. */
export interface UtilityCalls {
  /** Forgets all cached prefixes. False (and nothing is done) while requests hold blocks, unless these are computed again. */
  resetPrefixCache: (resetRunningRequests?: boolean) => boolean;
  /** Which requests get into steps from now on. */
  setPause: (state: PauseState) => void;
  /** Answers when no request is in any step, nor can get into one. */
  drain: () => Promise<void>;
  /** Gives memory back; all requests must be paused. Those that are open are computed again after `wakeUp`. */
  sleep: (level: SleepLevel) => void;
  /** Makes memory usable again. */
  wakeUp: (tags: readonly WakeTag[]) => Promise<void>;
  /** The bytes of all tokens; comes before any request with structured outputs. Not held up by steps. */
  setVocabulary: (vocabulary: PackedVocabulary) => Promise<void>;
  /** Whether a form can be had: a rejection with the RequestError if not. Not held up by steps. */
  compileGrammar: (outputs: StructuredOutputs) => Promise<void>;
  /** Measures the machine, for a second or less; undefined where the platform cannot. */
  probe: () => MachineSpeed | undefined;
}

/** What comes from the core. Called in order, never inside a call of the front into the transport. */
export interface TransportEvents {
  /** The outputs of one step, once in every step; there may be none. They are called too when the core comes to rest. */
  outputs: (outputs: readonly EngineCoreOutput[], marks: StepMarks) => void;
  /** A step ended after so long, of which native programs ran so long. Its outputs come later. */
  stepped?: (wallMs: number, nativeMs: number) => void;
  /** The core comes to rest: nothing to compute, all outputs handed on. */
  idle?: () => void;
  /** The core died; nothing more will come. Called at most once. `cause` is an Error in one process, else its text. */
  death: (message: string, cause?: unknown) => void;
}

/** The front's end. Calls after death or `close` do nothing, or reject with EngineDeadError. */
export interface Transport {
  readonly info: ModelInfo;
  /** False when the core is dead or closed, and while it has been silent for 10 seconds (it may come back). */
  readonly isResponding: boolean;
  /** Names who gets the events; to be called once, before any request. */
  listen(events: TransportEvents): void;
  /** Ids must differ from those of all requests that have not ended. */
  addRequests(requests: readonly EngineCoreRequest[]): void;
  /** Ends requests between two steps and frees their blocks. Unknown ids are ignored. */
  abort(requestIds: readonly string[]): void;
  /** @throws EngineDeadError (as a rejection) if the core is dead or closed */
  call<Name extends keyof UtilityCalls>(
    name: Name,
    ...args: Parameters<UtilityCalls[Name]>
  ): Promise<Awaited<ReturnType<UtilityCalls[Name]>>>;
  /** Measures every step from the next one on, and tells; what comes back ends it. Nothing is measured without listeners. */
  profileSteps(listener: (step: StepProfile) => void): () => void;
  /** The latest figures. @param lastSteps of how many steps `recentSteps` is at most */
  stats(lastSteps?: number): EngineCoreStats;
  /** Ends the step under way, then frees the model. Open requests get no more outputs. */
  close(): Promise<void>;
}
