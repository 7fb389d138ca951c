/** Compares a worker with a golden case: every logits row within tolerance, greedy tokens equal where the margin is clear. */
import type { Worker } from "../../src/worker/worker.js";
import type { GoldenPrompt } from "./golden.js";
import { logSoftmax } from "./golden.js";
import { byTokenId, driveRequest } from "./worker-driver.js";

/** Below this gap between best and second logit a golden's greedy choice is no promise. */
export const clearMargin = 5e-4;

export interface GoldenReport {
  /** Largest difference of log-probabilities, in units of the logits' standard deviation. */
  readonly worst: number;
  readonly greedyEqual: boolean;
}

/** Runs one prompt: greedy in steps, then prompt + greedy in one pass (or in chunks) for whole rows. */
export async function checkGoldenPrompt(worker: Worker, prompt: GoldenPrompt, chunk?: number): Promise<GoldenReport> {
  const { inputIds, greedy } = prompt;
  const { tokenIds } = await driveRequest(worker, inputIds, { numTokens: greedy.length, chunk });
  const greedyEqual = tokenIds.every((id, i) => id === greedy[i]);
  const all = [...inputIds, ...greedy.slice(0, -1)];
  const { vocabSize } = worker.info;
  const params = { promptLogprobs: -1, logprobs: -1 };
  const { promptLogprobs, logprobs } = await driveRequest(worker, all, { numTokens: 1, chunk, params });
  const rows = [...promptLogprobs, ...logprobs];
  let worst = 0;
  for (const { position, logits } of prompt.rows) {
    const got = byTokenId(rows[position]!, vocabSize);
    const wanted = logSoftmax(logits);
    for (let id = 0; id < vocabSize; id++) {
      const difference = Math.abs(got[id]! - wanted[id]!) / prompt.logitsStd;
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    }
  }
  return { worst, greedyEqual };
}
