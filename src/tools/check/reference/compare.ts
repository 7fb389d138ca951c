/** `quire check --reference`: runs a dump's tokens and names what is not as in the reference. */
import { openCheckpoint } from "../../../checkpoint/open-checkpoint.js";
import type { Checkpoint } from "../../../checkpoint/tensor-source.js";
import type { EngineConfig } from "../../../config/engine-config.js";
import type { ModuleCall } from "../../../layers/model-context.js";
import { CheckpointError, ConfigError } from "../../../util/errors.js";
import { createWorker } from "../../../worker/create-worker.js";
import type { ConstructedModel, ConstructionInstruments } from "../../../worker/load-model.js";
import { TracingPlatform } from "../../../worker/tracing-platform.js";
import { runRequests } from "../run-requests.js";
import { Dump } from "./dump.js";
import { matchNames } from "./names.js";
import type { Finding, TapReport } from "./session.js";
import { Session } from "./session.js";

export interface Comparison {
  readonly numTokens: number;
  /** Modules of the reference whose output the port makes of the same input. */
  readonly numAgreeing: number;
  /** In the order of the run. */
  readonly findings: readonly Finding[];
  /** Values that the model named by `tap`. */
  readonly taps: readonly TapReport[];
  /** Whether the logits were compared: not where the model is cut. */
  readonly hasLogits: boolean;
  /** What these tokens cannot tell. */
  readonly notes: readonly string[];
}

export interface CompareOptions {
  readonly instruments?: ConstructionInstruments;
  /** The model is cut to so many layers: what the reference computes after them is not compared. */
  readonly layers?: number | undefined;
}

/** Places at which causes are looked for. */
const maxCauses = 24;

/**
 * Runs in float32, op by op. `config` says which model; its limits are set here.
 * @throws CheckpointError when the dump is not one, or of another checkpoint; and what loading the model throws
 */
export async function compareWithReference(
  config: EngineConfig,
  dumpPath: string,
  { instruments, layers }: CompareOptions = {},
): Promise<Comparison> {
  if (config.loadFormat === "dummy")
    throw new ConfigError("--reference: the weights must be the checkpoint's; leave out --load-format dummy");
  const dump = new Dump(dumpPath);
  const calls: ModuleCall[] = [];
  let tracing: TracingPlatform | undefined;
  let constructed: ConstructedModel | undefined;
  let reopened: Checkpoint | undefined;
  try {
    const numTokens = dump.ids.length;
    const run: EngineConfig = {
      ...config,
      maxModelLen: Math.max(16, numTokens + 1),
      maxNumSeqs: Math.max(1, numTokens),
      maxNumBatchedTokens: Math.max(64, numTokens + 1),
      ...{ dtype: "float32", kvCacheDtype: "auto", quantization: undefined, enablePrefixCaching: false },
    };
    const worker = await createWorker(run, {
      log: () => undefined,
      instruments: {
        ...instruments,
        watch: { constructed: () => undefined, called: (call) => void calls.push(call) },
        constructed: (model) => (constructed = model),
        platform: (inner) => (tracing = new TracingPlatform(inner)).platform,
      },
    });
    try {
      const wrong = dump.ids.find((id) => id >= worker.info.vocabSize);
      if (wrong !== undefined)
        throw new CheckpointError(
          `${dumpPath}: token id ${wrong} is not below the model's vocab_size ${worker.info.vocabSize}`,
        );
      // The worker closed its own when the weights were read.
      reopened = openCheckpoint(config.model);
      const model = { ...constructed!, checkpoint: reopened };
      const names = matchNames(dump, model);
      refuseForeign(dumpPath, names.foreign);
      const until = firstCallAfter(dump, layers);
      const session = new Session({ tracing: tracing!, constructed: model, dump, names, calls, maxCauses, until });
      tracing!.visitor = session;
      const job = { promptTokenIds: dump.ids, maxTokens: 1, params: { logprobs: 0, promptLogprobs: 0 } };
      await runRequests(worker, run, [job]);
      const findings = [...session.findings, ...session.uncalled()].sort((a, b) => a.index - b.index);
      const { numAgreeing, taps } = session;
      const hasLogits = until === dump.calls.length;
      return {
        numTokens,
        numAgreeing,
        findings,
        taps,
        hasLogits,
        notes: [...cutNote(until, dump), ...session.windowNotes()],
      };
    } finally {
      worker.dispose();
    }
  } finally {
    reopened?.close();
    dump.close();
  }
}

/** Index of the reference's first call of a layer that was cut off; the number of calls if none was. */
function firstCallAfter({ calls }: Dump, layers: number | undefined): number {
  const isCut = (call: string): boolean => Number(/^\D*\.(\d+)(?=\.|$)/.exec(call)?.[1] ?? -1) >= (layers ?? Infinity);
  const first = calls.findIndex(isCut);
  return first < 0 ? calls.length : first;
}

function cutNote(until: number, { calls }: Dump): string[] {
  return until === calls.length
    ? []
    : [`the reference goes on where the cut model ends: from ${calls[until]} on nothing is compared`];
}

function refuseForeign(path: string, foreign: readonly (readonly [string, string])[]): void {
  if (foreign.length === 0) return;
  const [[reference, own]] = foreign as [readonly [string, string], ...unknown[]];
  throw new CheckpointError(
    `${path}: the reference ran with other weights than this checkpoint: "${reference}" does not begin like "${own}" ` +
      `(${foreign.length} tensors differ); make the dump from the folder that is checked`,
  );
}
