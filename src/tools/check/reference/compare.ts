/** `quire check --reference`: runs a dump's tokens and names what is not as in the reference. */
import { openCheckpoint } from "../../../checkpoint/open-checkpoint.js";
import type { Checkpoint } from "../../../checkpoint/tensor-source.js";
import type { EngineConfig } from "../../../config/engine-config.js";
import type { ModuleCall } from "../../../layers/model-context.js";
import { CheckpointError } from "../../../util/errors.js";
import { createWorker } from "../../../worker/create-worker.js";
import type { ConstructedModel, ConstructionInstruments } from "../../../worker/load-model.js";
import { TracingPlatform } from "../../../worker/tracing-platform.js";
import { runRequests } from "../run-requests.js";
import { Dump } from "./dump.js";
import { matchNames } from "./names.js";
import type { Finding } from "./session.js";
import { Session } from "./session.js";

export interface Comparison {
  readonly numTokens: number;
  /** Modules of the reference whose output the port makes of the same input. */
  readonly numAgreeing: number;
  /** In the order of the run. */
  readonly findings: readonly Finding[];
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
  instruments: ConstructionInstruments = {},
): Promise<Comparison> {
  const dump = new Dump(dumpPath);
  const calls: ModuleCall[] = [];
  let tracing: TracingPlatform | undefined;
  let constructed: ConstructedModel | undefined;
  let reopened: Checkpoint | undefined;
  try {
    const numTokens = dump.ids.length;
    const limits = { maxNumSeqs: Math.max(1, numTokens), maxNumBatchedTokens: Math.max(64, numTokens + 1) };
    const worker = await createWorker(
      { ...config, ...limits, dtype: "float32", kvCacheDtype: "auto", enablePrefixCaching: false },
      {
        instruments: {
          ...instruments,
          watch: { constructed: () => undefined, called: (call) => void calls.push(call) },
          constructed: (model) => (constructed = model),
          platform: (inner) => (tracing = new TracingPlatform(inner)).platform,
        },
      },
    );
    try {
      if (numTokens >= worker.info.maxModelLen)
        throw new CheckpointError(
          `${dumpPath}: its ${numTokens} tokens do not fit into --max-model-len ${worker.info.maxModelLen}`,
        );
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
      const session = new Session({ tracing: tracing!, constructed: model, dump, names, calls, maxCauses });
      tracing!.visitor = session;
      const job = { promptTokenIds: dump.ids, maxTokens: 1, params: { logprobs: 0, promptLogprobs: 0 } };
      await runRequests(worker, { ...config, ...limits, enablePrefixCaching: false }, [job]);
      const findings = [...session.findings, ...session.uncalled()].sort((a, b) => a.index - b.index);
      return { numTokens, numAgreeing: session.numAgreeing, findings };
    } finally {
      worker.dispose();
    }
  } finally {
    reopened?.close();
    dump.close();
  }
}

function refuseForeign(path: string, foreign: readonly (readonly [string, string])[]): void {
  if (foreign.length === 0) return;
  const [[reference, own]] = foreign as [readonly [string, string], ...unknown[]];
  throw new CheckpointError(
    `${path}: the reference ran with other weights than this checkpoint: "${reference}" does not begin like "${own}" ` +
      `(${foreign.length} tensors differ); make the dump from the folder that is checked`,
  );
}
