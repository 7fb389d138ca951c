/** golden.json of a real model: prompts with greedy ids, log-probabilities of the prompt, the best choices of the first steps. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "../../src/worker/worker.js";
import { byTokenId, driveRequest } from "./worker-driver.js";

interface GoldenStep {
  readonly top_ids: number[];
  readonly top_logprobs: number[];
  readonly logits_std: number;
}

export interface ModelPrompt {
  readonly name: string;
  readonly input_ids: number[];
  /** null first */
  readonly prompt_logprobs: (number | null)[];
  readonly greedy: number[];
  readonly greedy_logprobs: number[];
  readonly stop_index: number | null;
  /** up to the stop */
  readonly min_top2_margin: number;
  readonly steps: GoldenStep[];
}

export function modelPrompts(folder: string): ModelPrompt[] {
  return (JSON.parse(readFileSync(join(folder, "golden.json"), "utf8")) as { prompts: ModelPrompt[] }).prompts;
}

export interface ModelReport {
  /** Largest difference of a log-probability, in units of the logits' standard deviation. */
  readonly worst: number;
  /** Tokens that are equal before the first difference; all of them up to the stop when greedy is equal. */
  readonly numEqual: number;
  readonly numCompared: number;
  /** First choice equal to the golden's. */
  readonly firstEqual: boolean;
  /** Gap between the golden's best and second choice at the first step. */
  readonly firstMargin: number;
  /** KL divergence of the first step's best 8 tokens (golden against here), over prompts a good stand-in for the whole. */
  readonly klTop8: number;
}

/** Runs one prompt greedily and compares. `numTokens` caps the steps. */
export async function checkModelPrompt(
  worker: Worker,
  prompt: ModelPrompt,
  numTokens = Infinity,
): Promise<ModelReport> {
  const { vocabSize } = worker.info;
  const end = Math.min(numTokens, prompt.stop_index === null ? prompt.greedy.length : prompt.stop_index + 1);
  const { tokenIds, logprobs, promptLogprobs } = await driveRequest(worker, prompt.input_ids, {
    numTokens: end,
    params: { logprobs: -1, promptLogprobs: 0 },
    chunk: Math.min(prompt.input_ids.length, 512),
  });
  const std = prompt.steps[0]!.logits_std;
  let numEqual = 0;
  while (numEqual < end && tokenIds[numEqual] === prompt.greedy[numEqual]) numEqual++;
  let worst = 0;
  const compare = (got: number, wanted: number): void => {
    const difference = Math.abs(got - wanted) / std;
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  };
  promptLogprobs.forEach((row, i) => compare(row.logprobs[0]!, prompt.prompt_logprobs[i + 1]!));
  for (let i = 0; i < numEqual; i++) compare(logprobs[i]!.logprobs[0]!, prompt.greedy_logprobs[i]!);
  let klTop8 = 0;
  prompt.steps.slice(0, numEqual).forEach((step, i) => {
    const row = byTokenId(logprobs[i]!, vocabSize);
    step.top_ids.forEach((id, j) => {
      compare(row[id]!, step.top_logprobs[j]!);
      if (i === 0) klTop8 += Math.exp(step.top_logprobs[j]!) * (step.top_logprobs[j]! - row[id]!);
    });
  });
  const [first, second] = prompt.steps[0]!.top_logprobs;
  return {
    worst,
    numEqual,
    numCompared: end,
    firstEqual: tokenIds[0] === prompt.greedy[0],
    firstMargin: first! - second!,
    klTop8,
  };
}
