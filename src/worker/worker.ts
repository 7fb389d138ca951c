/** What a worker offers to the engine: it loads one model, then runs one step at a time. */
import type { EngineConfig } from "../config/engine-config.js";
import type { Platform } from "../platform/platform.js";
import type { ProgramPlace } from "../plugins/program-place.js";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import type { SleepLevel, WakeTag } from "../request/pause.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { TokenMasks } from "../request/token-masks.js";
import type { MachineSpeed, WorkerProfile } from "../request/step-profile.js";
import type { ConstructedModel, ConstructionInstruments } from "./load-model.js";

/** What is known of a loaded model. Plain data. */
export interface ModelInfo {
  /** `model_type` of config.json. */
  modelType: string;
  /** The architecture that was built, say `LlamaForCausalLM`. */
  architecture: string;
  /** Longest prompt and output together, in tokens. */
  maxModelLen: number;
  /** Token ids lie in [0, vocabSize). */
  vocabSize: number;
  /** Ids that end a request; the first one without a stop reason. */
  eosTokenIds: number[];
  /** Names of the logits processors in the process of the core, where that is another one. */
  logitsProcessors?: string[];
  /** generation_config.json as chosen by `--generation-config`; undefined for none. */
  generationConfig: Record<string, unknown> | undefined;
  /** Blocks of the KV cache, the null block among them. */
  numBlocks: number;
  /** What the model's layers keep; block tables are given by group, in this order. */
  kvCacheGroups: readonly KVCacheGroup[];
  /** Tokens of one block. */
  blockSize: number;
  dtype: string;
  /** Platform, instruction set and threads, in one line. */
  platform: string;
  hiddenSize: number;
  numParameters: number;
  weightBytes: number;
  kvCacheBytes: number;
}

/** One loaded model with its KV cache. */
export interface Worker {
  readonly info: ModelInfo;
  /** How many steps may be under way at a time. Default 1; with more, every step settles in a later turn of the event loop. */
  readonly maxSteps?: number;
  /**
   * Runs one step; computes off the event loop. Called again only while fewer than `maxSteps` calls have not settled; steps
   * are computed in the order of the calls. A rejection means that the worker cannot go on: the engine dies of it. What
   * concerns one request alone goes into `errors`. A step may be empty.
   * @param measure keeps a profile of the step for takeProfile()
   * @param masks   which tokens may be sampled; needed only when the step has its logits. Must not reject
   */
  execute(step: SchedulerOutput, measure?: boolean, masks?: Promise<TokenMasks>): Promise<ModelRunnerOutput>;
  /** The profile of the earliest measured step that ended, once; undefined if there is none. Works for about a millisecond. */
  takeProfile?(): WorkerProfile | undefined;
  /** Measures the machine, for a second or less; undefined where the platform cannot. Never called during `execute`. */
  probe?(): MachineSpeed | undefined;
  /**
   * Gives memory back to the system as far as the platform can: of the KV cache, and at level 2 of the weights too. Nothing may
   * be executed before `wakeUp`; what the KV cache held is lost. Never called during `execute`.
   */
  sleep?(level: SleepLevel): void;
  /**
   * Makes what the tags name usable again; "weights" are read from the checkpoint if they were given back.
   * @throws CheckpointError (as a rejection) if the checkpoint is gone; the worker then still sleeps
   */
  wakeUp?(tags: readonly WakeTag[]): Promise<void>;
  /** Frees everything. Never called during `execute`. */
  dispose(): void;
}

/** Progress of loading: `done` of `total`, in a unit that the phase implies. */
export interface LoadProgress {
  phase: string;
  done: number;
  total: number;
}

/** Told while a worker loads. */
export interface WorkerHooks {
  progress?: (progress: LoadProgress) => void;
  /** Gets single lines for the operator. */
  log?: (line: string) => void;
  instruments?: Instruments;
  /** Where the program is whose engine runs in this process; undefined: it is this process's own. */
  program?: ProgramPlace;
}

/** What `quire check` puts into a worker to look inside. */
export interface Instruments extends ConstructionInstruments {
  /** Puts a platform around the one that was opened. */
  readonly platform?: (inner: Platform) => Platform;
  /** Gets the model before its weights are read. */
  readonly constructed?: (model: ConstructedModel) => void;
}

/** Loads the model that the config names. */
export type CreateWorker = (config: EngineConfig, hooks: WorkerHooks) => Promise<Worker>;
