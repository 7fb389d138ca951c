import { describe, expect, it } from "vitest";
import type { SamplingParamsInput } from "../request/sampling-params.js";
import { RequestError } from "../util/errors.js";
import type { BeamSearchEngine, BeamSearchParams } from "./beam-search.js";
import { beamSearch } from "./beam-search.js";
import type { RequestOutput } from "./request-output.js";

const VOCAB = 5;
const EOS = 0;

/** Log-probabilities of the next token, by all tokens before it. */
function distribution(tokens: readonly number[]): number[] {
  const weights = Array.from({ length: VOCAB }, (_, id) => {
    let hash = 17 + id;
    for (const token of tokens) hash = (hash * 31 + token * 7 + 3) % 1009;
    return 1 + (hash % 97);
  });
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => Math.log(weight / total));
}

function fakeEngine(calls: SamplingParamsInput[] = []): BeamSearchEngine {
  return {
    modelConfig: { maxModelLen: 8, eosTokenIds: [EOS] },
    tokenizer: undefined,
    async *generate(prompt, params): AsyncGenerator<RequestOutput> {
      calls.push(params);
      const promptTokenIds = [...(prompt.tokenIds ?? [])];
      if (params.logprobs! > 20) throw new RequestError("too many", { param: "logprobs" });
      const ranked = distribution(promptTokenIds)
        .map((logprob, id) => ({ id, logprob }))
        .sort((a, b) => b.logprob - a.logprob)
        .slice(0, params.logprobs!);
      const position = new Map(ranked.map(({ id, logprob }, i) => [id, { logprob, rank: i + 1 }]));
      const tokenIds = [ranked[0]!.id];
      yield {
        requestId: "x",
        promptTokenIds,
        outputs: [{ index: 0, text: "", tokenIds, logprobs: [position], finishReason: "length", stopReason: null }],
        finished: true,
        numCachedTokens: 0,
      };
    },
  };
}

async function search(tokenIds: number[], params: BeamSearchParams, engine = fakeEngine()): Promise<RequestOutput> {
  const outputs: RequestOutput[] = [];
  for await (const output of beamSearch(engine, { tokenIds }, params, { requestId: "beams" })) outputs.push(output);
  expect(outputs).toHaveLength(1);
  return outputs[0]!;
}

/** Every continuation of so many tokens, or one that ended, with its score. */
function all(prompt: number[], maxTokens: number, penalty: number, ignoreEos: boolean) {
  const found: { ids: number[]; score: number }[] = [];
  const visit = (ids: number[], sum: number): void => {
    const ended = !ignoreEos && ids.at(-1) === EOS;
    if (ended || ids.length === maxTokens) {
      const length = prompt.length + ids.length - (ended ? 1 : 0);
      found.push({ ids: ended ? ids.slice(0, -1) : ids, score: sum / length ** penalty });
      return;
    }
    distribution([...prompt, ...ids]).forEach((logprob, id) => visit([...ids, id], sum + logprob));
  };
  visit([], 0);
  return found.sort((a, b) => b.score - a.score);
}

describe("beamSearch", () => {
  it.each([
    [1, false],
    [2, false],
    [0.5, true],
    [0, false],
  ])(
    "finds the best of all where it is wide enough; length penalty %d, ignoreEos %s",
    async (lengthPenalty, ignoreEos) => {
      const params = { beamWidth: 10, maxTokens: 2, lengthPenalty, ignoreEos };
      const { outputs } = await search([1, 2], params);
      expect(outputs.map(({ tokenIds }) => tokenIds)).toEqual(
        all([1, 2], 2, lengthPenalty, ignoreEos)
          .slice(0, 10)
          .map(({ ids }) => ids),
      );
      expect(outputs.map(({ index }) => index)).toEqual([...outputs.keys()]);
    },
  );

  it("is greedy with one beam, and says why it ended", async () => {
    const { outputs } = await search([3], { beamWidth: 1, maxTokens: 4, ignoreEos: true });
    const greedy: number[] = [];
    for (let i = 0; i < 4; i++) {
      const next = distribution([3, ...greedy]);
      greedy.push(next.indexOf(Math.max(...next)));
    }
    expect(outputs[0]).toMatchObject({ tokenIds: greedy, finishReason: "length", stopReason: null });
    const [first] = outputs[0]!.logprobs!;
    expect([...first!.keys()][0]).toBe(greedy[0]);
  });

  it("keeps the id that ended a beam only where that is asked for", async () => {
    const params = { beamWidth: 10, maxTokens: 2, lengthPenalty: 0 };
    // One after which the end is likely.
    const prompt = [0, 1, 2, 3, 4].map((id) => [id]).find((ids) => Math.exp(distribution(ids)[EOS]!) > 0.2)!;
    const without = await search(prompt, params);
    const ended = without.outputs.filter(({ finishReason }) => finishReason === "stop");
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.every(({ tokenIds, stopReason }) => !tokenIds.includes(EOS) && stopReason === EOS)).toBe(true);
    const kept = await search(prompt, { ...params, includeStopStrInOutput: true });
    const same = kept.outputs.filter(({ finishReason }) => finishReason === "stop");
    expect(same.map(({ tokenIds }) => tokenIds)).toEqual(ended.map(({ tokenIds }) => [...tokenIds, EOS]));
  });

  it("stops where the context ends", async () => {
    const { outputs } = await search([1, 2, 3], { beamWidth: 2, maxTokens: null, ignoreEos: true });
    expect(outputs.map(({ tokenIds }) => tokenIds.length)).toEqual([5, 5]);
  });

  it("refuses what it cannot do, by the field's name", async () => {
    await expect(search([1], { beamWidth: 0, maxTokens: 1 })).rejects.toMatchObject({ param: "beam_width" });
    await expect(search([1], { beamWidth: 1, maxTokens: 0 })).rejects.toMatchObject({ param: "max_tokens" });
    await expect(search([1], { beamWidth: 11, maxTokens: 1 })).rejects.toMatchObject({ param: "n" });
    const nan = { beamWidth: 1, maxTokens: 1, lengthPenalty: NaN };
    await expect(search([1], nan)).rejects.toMatchObject({ param: "length_penalty" });
  });
});
