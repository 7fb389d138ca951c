/** Which op makes a request depend on its neighbours? Runs two prompts apart and together, and compares their rows op by op. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { OpRecord } from "../../platform/platform.js";
import { createWorker } from "../../worker/create-worker.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
import { TracingPlatform } from "../../worker/tracing-platform.js";
import { someTokens } from "./invariance.js";
import { distance } from "./reference/difference.js";
import { runRequests } from "./run-requests.js";

/** "op of module", or undefined where the first step shows nothing. */
export async function firstMixingOp(
  config: EngineConfig,
  instruments: ConstructionInstruments,
  tolerance: number,
): Promise<string | undefined> {
  let tracing: TracingPlatform | undefined;
  const worker = await createWorker(config, {
    log: () => undefined,
    instruments: { ...instruments, platform: (inner) => (tracing = new TracingPlatform(inner)).platform },
  });
  const plain = { ...config, enablePrefixCaching: false };
  const [first, second] = [someTokens(5, worker.info.vocabSize, 11), someTokens(9, worker.info.vocabSize, 12)];
  /** The first step's values: of each op that has one row a token. */
  const trace = async (prompts: readonly number[][]): Promise<{ record: OpRecord; values: Float32Array }[]> => {
    const rows = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
    const ops: { record: OpRecord; values: Float32Array }[] = [];
    tracing!.visitor = {
      after: async (record) => {
        const [output] = record.outputs;
        if (output?.dtype === "f32" && output.size(0) === rows && record.op !== "sample")
          ops.push({ record, values: tracing!.read(output) });
      },
    };
    await runRequests(
      worker,
      plain,
      prompts.map((promptTokenIds) => ({ promptTokenIds, maxTokens: 1 })),
    );
    return ops;
  };
  try {
    const alone = await trace([second]);
    const together = await trace([first, second]);
    for (const [i, { record, values }] of alone.entries()) {
      const other = together[i];
      if (other?.record.op !== record.op) return undefined;
      const width = values.length / second.length;
      const own = other.values.subarray(first.length * width);
      if (distance(own, values) > tolerance) return `${record.op} of ${record.scope || "the model"}`;
    }
    return undefined;
  } finally {
    worker.dispose();
  }
}
