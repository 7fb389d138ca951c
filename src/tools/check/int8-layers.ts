/** Quantization by prefix: the model with every second layer in int8 must build, run, and give nearly the same numbers. */
import type { EngineConfig } from "../../config/engine-config.js";
import { int8 } from "../../quantization/int8.js";
import { UnsupportedError } from "../../util/errors.js";
import { createWorker } from "../../worker/create-worker.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
import type { Worker } from "../../worker/worker.js";
import { largestDifference, someTokens } from "./invariance.js";
import type { CheckResult } from "./result.js";
import { failed, ok, skipped } from "./result.js";
import { runRequests } from "./run-requests.js";

/** Log-probabilities in int8 may be so far off; a wrong weight is off by several units. */
const tolerance = 2;

/** @param plain the same model without int8, loaded */
export async function checkInt8(
  plain: Worker,
  config: EngineConfig,
  instruments: ConstructionInstruments,
): Promise<CheckResult> {
  const name = "int8";
  if (config.quantization !== undefined)
    return skipped(name, `the model is quantized already (--quantization ${config.quantization})`);
  const changed = new Set<string>();
  let worker: Worker;
  try {
    worker = await createWorker(config, {
      log: () => undefined,
      instruments: {
        ...instruments,
        linearMethod: (prefix, chosen) => {
          const layer = /\.(\d+)\./.exec(prefix)?.[1];
          if (layer === undefined || Number(layer) % 2 !== 0 || chosen.name !== "none") return chosen;
          changed.add(prefix);
          return int8;
        },
      },
    });
  } catch (error) {
    if (error instanceof UnsupportedError) return skipped(name, error.message);
    throw error;
  }
  try {
    if (changed.size === 0) return skipped(name, "no linear layer inside a numbered layer takes its method by prefix");
    const { vocabSize, maxModelLen } = worker.info;
    const job = { promptTokenIds: someTokens(Math.max(1, Math.min(12, maxModelLen - 2)), vocabSize, 5), maxTokens: 1 };
    const [[wanted], [got]] = [await runRequests(plain, config, [job]), await runRequests(worker, config, [job])];
    const [a, b] = [wanted!.rows[0]!, got!.rows[0]!];
    const worst = largestDifference(a, b);
    if (!(worst <= tolerance))
      return failed(
        name,
        `log-probabilities are off by up to ${worst.toFixed(2)} with ${changed.size} linear layers in int8`,
        "a layer's weight is used outside its linear layer, or read in another order than its parts say",
      );
    return ok(
      name,
      `every second layer in int8 (${changed.size} linear layers, by prefix) builds and runs; log-probabilities move by up to ${worst.toPrecision(2)}`,
    );
  } finally {
    worker.dispose();
  }
}
