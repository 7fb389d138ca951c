/**
 * All golden cases of a folder on every platform and instruction set of this machine:
 * `npx tsx test/soak/golden-matrix.ts DIR [--only NAME] [--isa avx2]`. Cases whose architecture or scheme this version does not have must end in the
 * error that says so; everything else must be within tolerance.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { UnsupportedError } from "../../src/util/errors.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { checkGoldenPrompt, clearMargin } from "../support/check-golden.js";
import type { GoldenCase } from "../support/golden.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import type { PlatformHere } from "../support/platforms.js";
import { platformsHere } from "../support/platforms.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" }, isa: { type: "string", default: "" } },
});
const tolerance = 1e-4;

/** The checkpoint of a case: made from its recipe, or lying there. */
function modelOf(golden: GoldenCase): string {
  if (existsSync(join(golden.source, "weights.json"))) return materializeCase(golden);
  const gguf = readdirSync(golden.source).find((name) => name.endsWith(".gguf"));
  return gguf ? join(golden.source, gguf) : golden.source;
}

/** A line about the result, and whether it is as it must be. */
async function check(golden: GoldenCase, { options }: PlatformHere): Promise<{ line: string; passed: boolean }> {
  const limits = { kvCacheMemoryBytes: 16 * 2 ** 20, maxNumBatchedTokens: 128, maxNumSeqs: 8 };
  const config = parseEngineConfig({ model: modelOf(golden), dtype: "float32", ...limits, ...options });
  try {
    const worker = await createWorker(config, {});
    let worst = 0;
    let greedy = true;
    for (const prompt of golden.prompts)
      for (const chunk of [undefined, 5]) {
        const report = await checkGoldenPrompt(worker, prompt, chunk);
        worst = Math.max(worst, report.worst);
        if (prompt.minTop2Margin > clearMargin) greedy &&= report.greedyEqual;
      }
    worker.dispose();
    return {
      line: `worst ${worst.toExponential(1)} std, greedy ${greedy ? "equal" : "DIFFERS"}`,
      passed: worst < (golden.tolerance ?? tolerance) && greedy,
    };
  } catch (error) {
    const { message } = error as Error;
    return { line: message.split(". ")[0]!.slice(0, 120), passed: error instanceof UnsupportedError };
  }
}

let failed = 0;
let count = 0;
for (const platform of platformsHere().filter(({ label }) => label.includes(values.isa)))
  for (const golden of goldenCases(positionals[0]).filter(({ name }) => name.includes(values.only))) {
    const { line, passed } = await check(golden, platform);
    count++;
    if (!passed) failed++;
    console.log(`${passed ? "ok  " : "FAIL"} ${platform.label.padEnd(16)} ${golden.name.padEnd(24)} ${line}`);
  }
console.log(`${count - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
