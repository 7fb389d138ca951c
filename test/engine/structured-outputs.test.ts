/** Structured outputs on a real model: every kind, with everything else that shapes or ends an output. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CompletionOutput } from "../../src/engine/request-output.js";
import { LLM } from "../../src/index.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import { isValid } from "../support/json-schema-validator.js";

const SEEDS = [1, 2, 3, 4, 5];
let llm: LLM;

beforeAll(async () => {
  llm = new LLM({ model: "models/quire-demo" });
  await llm.generate("a", { maxTokens: 1 });
});
afterAll(() => llm.close());

async function outputs(params: SamplingParamsInput, prompts = ["The little dog"]): Promise<CompletionOutput[]> {
  const results = await llm.generate(prompts, { maxTokens: 200, temperature: 1, ...params });
  return results.flatMap((result) => result.outputs);
}

async function texts(params: SamplingParamsInput): Promise<string[]> {
  const found: string[] = [];
  for (const seed of SEEDS) {
    const [output] = await outputs({ ...params, seed });
    expect(output!.finishReason).toBe("stop");
    found.push(output!.text);
  }
  return found;
}

describe("structured outputs", () => {
  it("keep a choice", async () => {
    const choice = ["yes", "no", "maybe so", 'a "quoted" one\n', "ünï😀"];
    for (const text of await texts({ structuredOutputs: { choice } })) expect(choice).toContain(text);
    for (const one of choice) {
      const [output] = await outputs({ structuredOutputs: { choice: [one] }, seed: 1 });
      expect(output).toMatchObject({ text: one, finishReason: "stop" });
    }
  });

  it("keep a regular expression", async () => {
    for (const text of await texts({ structuredOutputs: { regex: "\\d{3}-[a-f]{4}(x|yy)?" } }))
      expect(text).toMatch(/^\d{3}-[a-f]{4}(x|yy)?$/);
  });

  it("keep a JSON schema", async () => {
    const schema = {
      type: "object",
      properties: {
        name: { type: "string", maxLength: 8 },
        age: { type: "integer", minimum: 1, maximum: 120 },
        tags: { type: "array", items: { enum: ["red", "blue"] }, maxItems: 2 },
      },
      required: ["name", "age"],
    };
    for (const json of [schema, JSON.stringify(schema)])
      for (const text of await texts({ structuredOutputs: { json } }))
        expect([text, isValid(schema, JSON.parse(text))]).toEqual([text, true]);
    for (const text of await texts({ structuredOutputs: { json: schema, disableAnyWhitespace: true } }))
      expect(text).toMatch(/^\{"name": ".*", "age": \d/s);
  });

  it("have no free blanks, where the engine says so", async () => {
    const strict = new LLM({ model: "models/quire-demo", structuredOutputsConfig: { disable_any_whitespace: true } });
    try {
      const json = { type: "object", properties: { a: { enum: [1] }, b: { enum: [2] } }, required: ["a", "b"] };
      const { outputs: found } = await strict.generate("Once", { structuredOutputs: { json }, maxTokens: 40 });
      expect(found[0]!.text).toBe('{"a": 1, "b": 2}');
    } finally {
      await strict.close();
    }
    const wrong = (structuredOutputsConfig: Record<string, unknown>) => () =>
      new LLM({ model: "models/quire-demo", structuredOutputsConfig });
    expect(wrong({ backend: "outlines" })).toThrow(/backend: auto or xgrammar.*got .*outlines/);
    expect(wrong({ enable_in_reasoning: true })).toThrow(/enable_in_reasoning/);
    expect(wrong({ what: 1 })).toThrow(/what/);
  });

  it("keep to any JSON object", async () => {
    for (const seed of SEEDS) {
      const [output] = await outputs({ structuredOutputs: { jsonObject: true }, seed, maxTokens: 400 });
      if (output!.finishReason === "stop") expect(JSON.parse(output!.text)).toBeTypeOf("object");
      else expect(output!.text).toMatch(/^\{/);
    }
  });

  it("keep a grammar, left-recursive too", async () => {
    const grammar = 'root ::= sum\nsum ::= sum "+" number | number\nnumber ::= [1-9] [0-9]{0,2}';
    const found: string[] = [];
    for (const seed of SEEDS)
      found.push((await outputs({ structuredOutputs: { grammar }, seed, maxTokens: 40 }))[0]!.text);
    for (const text of found) expect(text).toMatch(/^[1-9]\d{0,2}(\+[1-9]\d{0,2})*\+?$/);
  });

  it("keep structural tags", async () => {
    const tag = { type: "tag", begin: "<n>", content: { type: "regex", pattern: "[0-9]{2}" }, end: "</n>" };
    const structuralTag = { type: "structural_tag", format: tag };
    for (const text of await texts({ structuredOutputs: { structuralTag } })) expect(text).toMatch(/^<n>\d\d<\/n>$/);
  });

  it("are each output's own with n", async () => {
    const found = await outputs({ structuredOutputs: { regex: "[a-z]{8}" }, n: 4, seed: 3 });
    for (const { text } of found) expect(text).toMatch(/^[a-z]{8}$/);
    expect(new Set(found.map(({ text }) => text)).size).toBeGreaterThan(1);
  });

  it("end where nothing can follow, with ignore_eos and min_tokens too", async () => {
    for (const extra of [{ ignoreEos: true }, { minTokens: 50 }, { ignoreEos: true, minTokens: 50 }]) {
      const [output] = await outputs({ structuredOutputs: { choice: ["yes"] }, seed: 1, ...extra });
      expect(output).toMatchObject({ text: "yes", finishReason: "stop", stopReason: null });
    }
  });

  it("let a length cut them, and stop strings end them", async () => {
    const structuredOutputs = { regex: "(ab){500}" };
    const [cut] = await outputs({ structuredOutputs, maxTokens: 5, seed: 1 });
    expect(cut).toMatchObject({ finishReason: "length" });
    expect("ab".repeat(500).startsWith(cut!.text)).toBe(true);
    const [stopped] = await outputs({ structuredOutputs, stop: "baba", seed: 1 });
    expect(stopped).toMatchObject({ text: "a", finishReason: "stop", stopReason: "baba" });
  });

  it("begin after a token, where one is named", async () => {
    const free = await outputs({ maxTokens: 5, seed: 1 });
    const after = free[0]!.tokenIds[3]!;
    const before = free[0]!.tokenIds.indexOf(after);
    const [output] = await outputs({ structuredOutputs: { choice: ["yes"], startAfter: [after] }, seed: 1 });
    expect(output!.tokenIds.slice(0, before + 1)).toEqual(free[0]!.tokenIds.slice(0, before + 1));
    expect(output!.text.endsWith("yes")).toBe(true);
    expect(output!.finishReason).toBe("stop");
  });

  it("are the same in any batch", async () => {
    const kinds = [{ regex: "[a-z ]{20}" }, { choice: ["left", "right"] }, null, { grammar: 'root ::= "x" [0-9]{12}' }];
    const params = kinds.map((structuredOutputs, seed) => ({ structuredOutputs, seed, maxTokens: 30, temperature: 1 }));
    const alone: string[] = [];
    for (const one of params) alone.push((await llm.generate(["Once"], one))[0]!.outputs[0]!.text);
    const together = await Promise.all(params.map((one) => llm.generate(["Once"], one)));
    expect(together.map((result) => result[0]!.outputs[0]!.text)).toEqual(alone);
  });

  it("survive being preempted", async () => {
    const small = new LLM({ model: "models/quire-demo", numBlocksOverride: 7, maxModelLen: 80, maxNumSeqs: 4 });
    try {
      const params = { structuredOutputs: { regex: "[a-z]{60}" }, maxTokens: 100, temperature: 1, ignoreEos: true };
      const prompts = ["One", "Two", "Three", "Four"];
      const found = await small.generate(
        prompts,
        prompts.map((_, seed) => ({ ...params, seed })),
      );
      expect(small.stats().numPreemptions).toBeGreaterThan(0);
      const alone = await llm.generate(
        prompts,
        prompts.map((_, seed) => ({ ...params, seed })),
      );
      expect(found.map(({ outputs: [one] }) => one!.text)).toEqual(alone.map(({ outputs: [one] }) => one!.text));
      for (const {
        outputs: [one],
      } of found)
        expect(one!.text).toMatch(/^[a-z]{60}$/);
    } finally {
      await small.close();
    }
  });

  it("are the same in a process of the engine's own", async () => {
    const remote = new LLM({ model: "models/quire-demo", engine: "process" });
    try {
      const params = { structuredOutputs: { regex: "[a-f]{9}" }, temperature: 1, seed: 5, maxTokens: 30 };
      const [here, there] = await Promise.all([llm.generate("Once", params), remote.generate("Once", params)]);
      expect(there.outputs[0]!.text).toBe(here.outputs[0]!.text);
      await expect(remote.generate("Once", { structuredOutputs: { regex: "(a" } })).rejects.toMatchObject({
        status: 400,
        param: "structured_outputs",
      });
    } finally {
      await remote.close();
    }
  });

  it("leave raw log-probabilities as they are, and show in processed ones", async () => {
    const params = { structuredOutputs: { choice: ["yes"] }, logprobs: 3, seed: 1, temperature: 1 };
    const [raw] = await outputs(params);
    expect(raw!.logprobs![0]!.size).toBeGreaterThan(2);
    const processed = new LLM({ model: "models/quire-demo", logprobsMode: "processed_logprobs" });
    try {
      const [one] = (await processed.generate("The little dog", params)).outputs;
      const possible = [...one!.logprobs![0]!.values()].filter(({ logprob }) => logprob > -Infinity);
      expect(possible.length).toBeGreaterThan(0);
      for (const { decodedToken } of possible) expect("yes".startsWith(decodedToken!)).toBe(true);
    } finally {
      await processed.close();
    }
  });

  it.each([
    [{ regex: "(a" }, /structured_outputs\.regex: /],
    [{ json: { type: "foo" } }, /structured_outputs\.json: .*foo/],
    [{ grammar: "root ::= foo" }, /structured_outputs\.grammar: .*"foo" is not defined/],
    [{ grammar: "root ::= root" }, /no output can ever have this form/],
  ])("refuse %j with the reason", async (structuredOutputs, message) => {
    await expect(outputs({ structuredOutputs })).rejects.toThrow(message);
  });
});
