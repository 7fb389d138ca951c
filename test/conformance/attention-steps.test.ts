/**
 * Attention as an engine uses it: each step writes its own tokens into a poisoned cache, then attends. However the requests'
 * tokens are cut into steps and mixed with each other, every token's result has the same bits.
 */
import { afterAll, describe, expect, it } from "vitest";
import type { KVCache } from "../../src/ops/step.js";
import type { Platform } from "../../src/platform/platform.js";
import type { AttentionSpec } from "./attention-inputs.js";
import { AttentionInputs, firstToken } from "./attention-inputs.js";
import { CaseInputs } from "./case-inputs.js";
import { range } from "./op-case.js";
import { comparedPlatforms } from "./platforms.js";
import { createRandom } from "./random.js";

/** Runs steps, each a list of tokens, on a fresh cache; returns every token's output bits. */
async function runSteps(
  platform: Platform,
  spec: AttentionSpec,
  steps: readonly (readonly number[])[],
): Promise<Map<number, Uint32Array>> {
  const width = spec.numHeads * (spec.latentDim ?? spec.headDim);
  const results = new Map<number, Uint32Array>();
  const made: CaseInputs[] = [];
  let cache: KVCache | undefined;
  for (const [i, tokens] of steps.entries()) {
    const inputs = new CaseInputs(platform, `step ${i}`, 7);
    made.push(inputs);
    const attention = new AttentionInputs(inputs, spec, cache);
    cache = attention.cache;
    attention.write(tokens);
    const out = attention.attend(tokens);
    const address = inputs.allocate(out.bytes, "output");
    inputs.program.output(out, address);
    const compiled = platform.compile(inputs.program);
    await platform.run([compiled]);
    compiled.dispose();
    const bits = new Uint32Array(tokens.length * width);
    platform.read(address, new Uint8Array(bits.buffer));
    tokens.forEach((token, row) => results.set(token, bits.slice(row * width, (row + 1) * width)));
  }
  for (const inputs of made) inputs.dispose();
  return results;
}

/** Random steps: each request goes on by a random number of tokens, or rests. */
function randomSteps(spec: AttentionSpec, seed: number, longest: number): number[][] {
  const random = createRandom(seed);
  const done = spec.lengths.map(() => 0);
  const steps: number[][] = [];
  while (done.some((count, i) => count < spec.lengths[i]!)) {
    const step: number[] = [];
    for (const [request, length] of spec.lengths.entries()) {
      if (random() < 0.3) continue;
      const count = Math.min(length - done[request]!, random() < 0.5 ? 1 : 1 + Math.floor(random() * longest));
      for (let i = 0; i < count; i++) step.push(firstToken(spec, request) + done[request]!++);
    }
    if (step.length) steps.push(step);
  }
  return steps;
}

const shape = { numHeads: 6, numKvHeads: 2, headDim: 16, blockSize: 16 } as const;
const latents = { numHeads: 5, numKvHeads: 1, headDim: 40, latentDim: 32, blockSize: 16 } as const;
const specs: readonly (readonly [string, AttentionSpec])[] = (["f32", "bf16"] as const).flatMap((dtype) => [
  [`${dtype}: short requests`, { ...shape, dtype, lengths: [37, 5, 64, 1, 18] }],
  [`${dtype}: sliding window`, { ...shape, dtype, lengths: [70, 33], slidingWindow: 20 }],
  [`${dtype}: over two partitions`, { ...shape, dtype, numHeads: 2, numKvHeads: 1, lengths: [530, 20] }],
  [`${dtype}: window over two partitions`, { ...shape, dtype, headDim: 8, lengths: [530], slidingWindow: 90 }],
  [`${dtype}: chunks of 24`, { ...shape, dtype, lengths: [70, 33], attentionChunkSize: 24 }],
  [
    `${dtype}: chunks over a partition's edge, with windows`,
    { ...shape, dtype, headDim: 8, lengths: [1100], attentionChunkSize: 300, slidingWindow: 250 },
  ],
  [`${dtype}: all features`, { ...shape, dtype, lengths: [600, 33], logitSoftcap: 3, sinks: 2, alibi: {} }],
  [`${dtype}: rounded biases`, { ...shape, dtype, lengths: [600], alibi: { scale: 0.25, rounding: "bf16" } }],
  [`${dtype}: latents`, { ...latents, dtype, lengths: [37, 5, 64, 1, 18] }],
  [`${dtype}: latents over two partitions`, { ...latents, dtype, numHeads: 3, lengths: [530, 20] }],
  [`${dtype}: latents beside infinities`, { ...latents, dtype, lengths: [50, 31], poison: "infinity" }],
  [`${dtype}: infinities, blocks of 32`, { ...shape, dtype, blockSize: 32, lengths: [50, 31], poison: "infinity" }],
]);

const { platforms, skipped } = comparedPlatforms();
for (const reason of skipped) console.log(`attention steps: skipped ${reason}`);

describe.each(platforms.map((platform) => [platform.label, platform] as const))("%s", (_, { open }) => {
  const opened = range(3).map((i) => open(i + 1));
  afterAll(() => opened.forEach((platform) => platform.dispose()));

  it.each(specs)("%s", async (_name, spec) => {
    const all = range(firstToken(spec, spec.lengths.length));
    const whole = await runSteps(opened[0]!, spec, [all]);
    for (const bits of whole.values()) expect(new Float32Array(bits.buffer).every(Number.isFinite)).toBe(true);
    const ways: [string, number[][]][] = [
      ["random chunks", randomSteps(spec, 1, 40)],
      ["small chunks", randomSteps(spec, 2, 12)],
    ];
    if (all.length < 200) ways.push(["token by token", all.map((token) => [token])]);
    for (const [i, [way, steps]] of ways.entries()) {
      const parts = await runSteps(opened[(i + 1) % 3]!, spec, steps);
      const isSame = (a: Uint32Array, b: Uint32Array): boolean => a.every((bits, k) => bits === b[k]);
      const different = all.filter((token) => !isSame(parts.get(token)!, whole.get(token)!));
      expect(different, `tokens that differ, ${way}`).toEqual([]);
    }
  });
});

it.skipIf(platforms.length === 0)("runs on the native platform", () => expect(platforms).not.toEqual([]));
