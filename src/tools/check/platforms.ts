/** Do the native platform and the reference platform give the same numbers, and if not, from which op on? */
import type { EngineConfig } from "../../config/engine-config.js";
import { UnsupportedError } from "../../util/errors.js";
import { createWorker } from "../../worker/create-worker.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
import { TracingPlatform } from "../../worker/tracing-platform.js";
import { someTokens } from "./invariance.js";
import { distance } from "./reference/difference.js";
import type { CheckResult } from "./result.js";
import { failed, ok, skipped } from "./result.js";
import { runRequests } from "./run-requests.js";

const numTokens = 6;
const tolerance = 1e-4;

/** What every op of one step gave. */
interface Trace {
  readonly ops: { readonly what: string; readonly values: Float32Array }[];
  readonly logprobs: Float32Array;
  readonly platform: string;
}

/** One step of a few tokens in float32 on both, op by op. */
export async function checkPlatforms(config: EngineConfig, instruments: ConstructionInstruments): Promise<CheckResult> {
  const name = "platforms";
  const run = (platform: EngineConfig["platform"]): Promise<Trace> =>
    traceStep({ ...config, platform, cpuIsa: platform === "cpu" ? config.cpuIsa : undefined }, instruments);
  let native: Trace;
  try {
    native = await run("cpu");
  } catch (error) {
    if (error instanceof UnsupportedError)
      return skipped(name, `there is no native platform to compare with: ${error.message}`);
    throw error;
  }
  const reference = await run("reference");
  const worst = distance(native.logprobs, reference.logprobs);
  if (worst <= tolerance)
    return ok(
      name,
      `reference and native agree in float32: log-probabilities of ${numTokens} tokens within ${worst.toExponential(1)} (${native.platform})`,
    );
  const first = reference.ops.findIndex(({ values }, i) => distance(native.ops[i]!.values, values) > tolerance);
  const where = first < 0 ? "" : `; the first op that differs is ${reference.ops[first]!.what}`;
  return failed(
    name,
    `log-probabilities differ by ${worst.toExponential(1)} between the reference and the native platform${where}`,
    "a kernel is wrong: run its cases, npx vitest run test/conformance -t OP",
  );
}

async function traceStep(config: EngineConfig, instruments: ConstructionInstruments): Promise<Trace> {
  let tracing: TracingPlatform | undefined;
  const worker = await createWorker(
    {
      ...config,
      dtype: "float32",
      kvCacheDtype: "auto",
      maxNumSeqs: 1,
      maxNumBatchedTokens: 64,
      enablePrefixCaching: false,
    },
    {
      log: () => undefined,
      instruments: { ...instruments, platform: (inner) => (tracing = new TracingPlatform(inner)).platform },
    },
  );
  try {
    const ops: Trace["ops"] = [];
    tracing!.visitor = {
      after: async ({ op, scope, outputs }) => {
        for (const output of outputs)
          if (output.dtype === "f32" && op !== "sample")
            ops.push({ what: `${op} in ${scope || "the model"}`, values: tracing!.read(output) });
      },
    };
    const { vocabSize, maxModelLen, platform } = worker.info;
    const promptTokenIds = someTokens(Math.max(1, Math.min(numTokens, maxModelLen - 2)), vocabSize, 3);
    const [result] = await runRequests(
      worker,
      { ...config, maxNumSeqs: 1, maxNumBatchedTokens: 64, enablePrefixCaching: false },
      [{ promptTokenIds, maxTokens: 1 }],
    );
    return { ops, logprobs: Float32Array.from(result!.rows[0]!), platform };
  } finally {
    worker.dispose();
  }
}
