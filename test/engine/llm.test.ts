import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { AbortError, ConfigError, EngineDeadError, RequestError } from "../../src/util/errors.js";
import { LLM } from "../../src/engine/llm.js";
import { BOS, bytesOf, EOS, FakeTokenizer } from "./fake-tokenizer.js";
import { expectedTokens, fakeWorkers } from "./fake-worker.js";
import { collect, fakeLLM, settled, WHOLE } from "./support.js";

const GREEDY = { temperature: 0, maxTokens: 8 };
const textOf = (tokens: readonly number[]) => String.fromCharCode(...tokens);

describe("LLM.generate", () => {
  it("gives one output for one prompt, with the prompt's tokens and text", async () => {
    const { llm } = await fakeLLM();
    const output = await llm.generate("hello", GREEDY);
    const tokens = expectedTokens([BOS, ...bytesOf("hello")], 8);
    expect(output).toEqual({
      requestId: expect.stringMatching(/^request-/),
      prompt: "hello",
      promptTokenIds: [BOS, ...bytesOf("hello")],
      outputs: [{ index: 0, text: textOf(tokens), tokenIds: tokens, finishReason: "length", stopReason: null }],
      finished: true,
      numCachedTokens: 0,
    });
    expect(await settled(llm)).toEqual(WHOLE);
  });

  it("takes text, token ids and objects, alone and in lists", async () => {
    const { llm } = await fakeLLM();
    const ids = bytesOf("abc");
    const withBos = textOf(expectedTokens([BOS, ...ids], 8));
    const bare = textOf(expectedTokens(ids, 8));
    const batch = await llm.generate(["abc", ids, { prompt: "abc" }, { promptTokenIds: ids }], GREEDY);
    expect(batch.map((output) => output.outputs[0]!.text)).toEqual([withBos, bare, withBos, bare]);
    expect((await llm.generate(ids, GREEDY)).outputs[0]!.text).toBe(bare);
    expect((await llm.generate({ promptTokenIds: ids }, GREEDY)).prompt).toBeUndefined();
    expect(await llm.generate([], GREEDY)).toEqual([]);
  });

  it("keeps the order of a batch whose requests end in another one, and computes it together", async () => {
    const { llm, worker } = await fakeLLM();
    const prompts = Array.from({ length: 20 }, (_, i) => `prompt ${i}`);
    const params = prompts.map((_, i) => ({ temperature: 0, maxTokens: 1 + ((i * 7) % 20) }));
    const seen: number[] = [];
    const outputs = await llm.generate(prompts, params, {
      onProgress: ({ finished, total }) => {
        expect(total).toBe(20);
        seen.push(finished);
      },
    });
    outputs.forEach((output, i) => {
      expect(output.prompt).toBe(prompts[i]);
      const expected = expectedTokens([BOS, ...bytesOf(prompts[i]!)], params[i]!.maxTokens);
      expect(output.outputs[0]!.tokenIds).toEqual(expected);
    });
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(worker.steps.length).toBe(20);
  });

  it("uses vLLM's 16 tokens, and the model's own parameters only where none are given", async () => {
    const generationConfig = { temperature: 0, max_new_tokens: 5, top_k: null, eos_token_id: 2, do_sample: true };
    const { llm } = await fakeLLM({ info: { generationConfig } });
    expect(llm.defaultSamplingParams()).toEqual({ temperature: 0, maxTokens: 5 });
    expect((await llm.generate("x")).outputs[0]!.tokenIds.length).toBe(5);
    expect((await llm.generate("x", { temperature: 0 })).outputs[0]!.tokenIds.length).toBe(16);
    expect((await llm.generate("x", { maxTokens: null })).outputs[0]!.tokenIds.length).toBe(256 - 2);
    expect((await llm.generate("x", { maxTokens: 10_000 })).outputs[0]!.tokenIds.length).toBe(256 - 2);
  });

  it("heeds --generation-config vllm and overrides, and refuses wrong values at the start", async () => {
    const generationConfig = { temperature: 0.5, repetition_penalty: 1.1 };
    const config = { generationConfig: "vllm", overrideGenerationConfig: { top_p: 0.9 } };
    const { llm } = await fakeLLM({ info: { generationConfig }, config });
    expect(llm.defaultSamplingParams()).toEqual({ topP: 0.9 });
    await expect(fakeLLM({ info: { generationConfig: { top_p: 7 } } })).rejects.toThrow(
      /generation_config.json: top_p must be .*--override-generation-config/,
    );
  });

  it("checks all prompts before it runs any, and says which one is wrong", async () => {
    const { llm, worker } = await fakeLLM();
    const error = await llm.generate(["fine", "x".repeat(300)], GREEDY).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).message).toMatch(/^prompts\[1\]: This model's maximum context length is 256 tokens/);
    await expect(llm.generate(["a", "b"], [GREEDY])).rejects.toThrow(/one for each of 2; got 1/);
    await expect(llm.generate([null as never], GREEDY)).rejects.toThrow(/prompt must be text.*got null/);
    await expect(llm.generate({ text: "a" } as never, GREEDY)).rejects.toThrow(/{ prompt } .*got an object with text/);
    await expect(llm.generate(Array(2) as never, GREEDY)).rejects.toThrow(/prompt must be text.*got undefined/);
    await expect(llm.generate("a", GREEDY, { signal: 5 as never })).rejects.toThrow(/signal must be an AbortSignal/);
    await expect(llm.generate("a", 5 as never)).rejects.toThrow(/sampling parameters must be an object.*got number/);
    expect(worker.steps.length).toBe(0);
  });

  it("finishes the other prompts before it throws the error of a failed one", async () => {
    const isBad = (tokens: readonly number[]) => tokens[1] === "B".charCodeAt(0) && tokens.length > 6;
    const { llm } = await fakeLLM({ errorOf: (_, tokens) => (isBad(tokens) ? "went up in smoke" : undefined) });
    let finished = 0;
    const onProgress = () => finished++;
    const one = await llm.generate(["aaa", "Bbb", "ccc"], GREEDY, { onProgress }).catch((e: unknown) => e);
    expect(one).toBeInstanceOf(RequestError);
    expect(one).toMatchObject({ status: 500, code: "REQUEST_FAILED" });
    expect((one as Error).message).toMatch(/went up in smoke/);
    expect(finished).toBe(2);
    const two = await llm.generate(["Baa", "Bbb", "ccc"], GREEDY).catch((e: unknown) => e);
    expect((two as AggregateError).errors.length).toBe(2);
    expect((await llm.generate("abc", GREEDY)).finished).toBe(true);
    expect(await settled(llm)).toEqual(WHOLE);
  });

  it("aborts a batch by its signal, before, while and after", async () => {
    const { llm } = await fakeLLM({ stepMs: 1 });
    await expect(llm.generate("x", GREEDY, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortError);
    const controller = new AbortController();
    const batch = llm.generate(Array(50).fill("hello"), { maxTokens: 200 }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 10);
    const error = await batch.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AbortError);
    expect((error as Error).cause).toMatchObject({ message: "enough" });
    expect(await settled(llm)).toEqual(WHOLE);
    const late = new AbortController();
    await llm.generate("x", GREEDY, { signal: late.signal });
    expect(getEventListeners(late.signal, "abort")).toEqual([]);
    late.abort();
    expect((await llm.generate("x", GREEDY)).finished).toBe(true);
  });
});

describe("LLM.stream", () => {
  it("gives deltas that make up the whole", async () => {
    const { llm } = await fakeLLM();
    const outputs = await collect(llm.stream("hello", GREEDY));
    const tokens = expectedTokens([BOS, ...bytesOf("hello")], 8);
    expect(outputs.length).toBe(8);
    expect(outputs.flatMap((output) => output.outputs[0]!.tokenIds)).toEqual(tokens);
    expect(outputs.map((output) => output.outputs[0]!.text).join("")).toBe(textOf(tokens));
    expect(outputs.map((output) => output.finished)).toEqual([...Array(7).fill(false), true]);
    expect(outputs.at(-1)!.outputs[0]!.finishReason).toBe("length");
  });

  it("gives everything so far, or the end alone, where asked to", async () => {
    const { llm } = await fakeLLM();
    const growing = await collect(llm.stream("hello", { ...GREEDY, outputKind: "cumulative" }));
    expect(growing.map((output) => output.outputs[0]!.tokenIds.length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(growing[2]!.outputs[0]!.text.length).toBe(3);
    const final = await collect(llm.stream("hello", { ...GREEDY, outputKind: "final" }));
    expect(final.length).toBe(1);
    expect(final[0]!.outputs).toEqual(growing[7]!.outputs);
  });

  it("takes one prompt", async () => {
    const { llm } = await fakeLLM();
    await expect(collect(llm.stream(["a", "b"] as never, GREEDY))).rejects.toThrow(/stream takes one prompt/);
    expect((await collect(llm.stream([1, 2], GREEDY))).length).toBe(8);
  });

  it("aborts the request when the loop is left", async () => {
    const { llm, worker } = await fakeLLM();
    for await (const output of llm.stream("hello", { maxTokens: 200 })) {
      expect(llm.stats().numRunning).toBe(1);
      if (output.outputs[0]!.text !== "") break;
    }
    expect(await settled(llm)).toEqual(WHOLE);
    expect(worker.steps.length).toBeLessThan(5);
  });
});

describe("LLM.chat", () => {
  const template = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[a]";
  const messages = [{ role: "user", content: "hi" }];

  it("answers one conversation or several, and streams", async () => {
    const { llm } = await fakeLLM({ tokenizer: new FakeTokenizer(template) });
    const one = await llm.chat(messages, GREEDY);
    const tokens = expectedTokens(bytesOf("[user]hi[a]"), 8);
    expect(one).toMatchObject({ prompt: "[user]hi[a]", promptTokenIds: bytesOf("[user]hi[a]") });
    expect(one.outputs[0]!.tokenIds).toEqual(tokens);
    const two = await llm.chat([[{ role: "user", content: "x" }], messages], GREEDY);
    expect(two.map((output) => output.prompt)).toEqual(["[user]x[a]", "[user]hi[a]"]);
    expect(two[1]!.outputs).toEqual(one.outputs);
    const pieces = await collect(llm.streamChat(messages, GREEDY));
    expect(pieces.flatMap((piece) => piece.outputs[0]!.tokenIds)).toEqual(tokens);
  });

  it("refuses what the template cannot take", async () => {
    const { llm } = await fakeLLM();
    await expect(llm.chat(messages, GREEDY)).rejects.toThrow(/no chat template/);
    await expect(llm.chat([], GREEDY)).rejects.toThrow(/at least one message/);
    const broken = fakeLLM({ tokenizer: new FakeTokenizer(), config: { chatTemplate: "{{ broken" } });
    await expect(broken).rejects.toThrow(/--chat-template: the chat template cannot be parsed/);
  });

  it("refuses a conversation far beyond the context before it is tokenized", async () => {
    const tokenizer = new FakeTokenizer(template);
    const { llm } = await fakeLLM({ tokenizer });
    const encode = vi.spyOn(tokenizer, "encode");
    const refused = llm.chat([{ role: "user", content: "x".repeat(256 * 256) }], GREEDY);
    await expect(refused).rejects.toThrow(/messages must fit into .* 256 tokens .*; got 65545 characters/);
    expect(encode).not.toHaveBeenCalled();
  });
});

describe("LLM's life", () => {
  it("returns from its constructor at once, loads once, and says when it is not loaded", async () => {
    let loads = 0;
    const load = fakeWorkers();
    const llm = new LLM(
      { model: "fake" },
      { createWorker: (...args) => (loads++, load(...args)), loadTokenizer: async () => undefined },
    );
    expect(() => llm.tokenizer).toThrow(/not loaded yet; call "await llm.ready\(\)"/);
    expect(loads).toBe(0);
    await Promise.all([llm.ready(), llm.generate([1, 2], GREEDY), llm.ready()]);
    expect(loads).toBe(1);
    expect(llm.tokenizer).toBeUndefined();
    expect((await llm.ready()).architecture).toBe("FakeForCausalLM");
  });

  it("refuses wrong options in the constructor, and reports a failed loading to every call", async () => {
    expect(() => new LLM({ model: "x", maxModelLength: 3 } as never)).toThrow(ConfigError);
    const broken = new LLM({ model: "x" }, { createWorker: () => Promise.reject(new Error("no such model")) });
    await expect(broken.ready()).rejects.toThrow("no such model");
    await expect(broken.generate("x")).rejects.toThrow("no such model");
    await broken.close();
  });

  it("frees the model when the tokenizer does not load", async () => {
    const made: { isDisposed: boolean }[] = [];
    const hooks = {
      createWorker: fakeWorkers({}, made as never),
      loadTokenizer: () => Promise.reject(new Error("bad tokenizer")),
    };
    await expect(new LLM({ model: "x" }, hooks).ready()).rejects.toThrow("bad tokenizer");
    expect(made.map((worker) => worker.isDisposed)).toEqual([true]);
  });

  it("closes at the end of an await using block, ending what is open", async () => {
    let open: Promise<unknown>;
    let disposed: () => boolean;
    {
      const { llm, worker } = await fakeLLM({ stepMs: 1 });
      await using _ = llm;
      open = llm.generate("x", { maxTokens: 200 }).catch((e: unknown) => e);
      await new Promise((resolve) => setTimeout(resolve, 5));
      disposed = () => worker.isDisposed;
    }
    expect(await open).toBeInstanceOf(EngineDeadError);
    expect(disposed()).toBe(true);
  });

  it("closes twice, and refuses calls afterwards", async () => {
    const { llm } = await fakeLLM();
    await Promise.all([llm.close(), llm.close()]);
    await expect(llm.generate("x")).rejects.toBeInstanceOf(EngineDeadError);
    await expect(llm.resetPrefixCache()).rejects.toBeInstanceOf(EngineDeadError);
  });
});

it("reads and ends at the end-of-sequence id, whose text is left out", async () => {
  const script = [...bytesOf("hey"), EOS];
  const next = (tokens: readonly number[], numPrompt: number) => script[tokens.length - numPrompt];
  const { llm } = await fakeLLM({ next });
  const output = (await llm.generate("x", GREEDY)).outputs[0]!;
  expect(output).toMatchObject({ text: "hey", tokenIds: script, finishReason: "stop", stopReason: null });
  const kept = (await llm.generate("x", { ...GREEDY, includeStopStrInOutput: true, skipSpecialTokens: false })).outputs;
  expect(kept[0]!.text).toBe("hey</s>");
});
