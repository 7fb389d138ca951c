import { describe, expect, it } from "vitest";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import type { EngineClient } from "../../src/server/engine-client.js";
import { AbortError, EngineDeadError, RequestError } from "../../src/util/errors.js";
import { BOS, bytesOf, FakeTokenizer } from "./fake-tokenizer.js";
import { expectedTokens } from "./fake-worker.js";
import { collect, fakeAsyncLLM, settled, WHOLE } from "./support.js";

const GREEDY = { temperature: 0, maxTokens: 8 } as const;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Makes the fake model say this text, token by token. */
const says = (text: string) => (tokens: readonly number[], numPrompt: number) =>
  bytesOf(text)[tokens.length - numPrompt];

it("is the client that the server asks for", () => {
  const asClient = (llm: AsyncLLM): EngineClient => llm;
  expect(asClient).toBeTypeOf("function");
});

describe("AsyncLLM.generate", () => {
  it("runs requests together that come at different times, each as if alone", async () => {
    const { llm, worker } = await fakeAsyncLLM();
    const run = async (i: number) => {
      for (let wait = 0; wait < i; wait++) await turn();
      const outputs = await collect(llm.generate({ text: `${i}` }, GREEDY, { outputKind: "delta" }));
      return outputs.flatMap((output) => output.outputs[0]!.tokenIds);
    };
    const all = await Promise.all(Array.from({ length: 10 }, (_, i) => run(i)));
    all.forEach((tokens, i) => expect(tokens).toEqual(expectedTokens([BOS, ...bytesOf(`${i}`)], 8)));
    expect(worker.steps.length).toBeLessThan(30);
    expect(worker.steps.some((step) => step.numScheduledTokens.size > 2)).toBe(true);
  });

  it("does nothing before it is read", async () => {
    const { llm, worker } = await fakeAsyncLLM();
    llm.generate({ text: "x" }, GREEDY);
    await turn();
    await turn();
    expect(worker.steps.length).toBe(0);
    expect(llm.stats().numOpenRequests).toBe(0);
  });

  it("merges what a slow reader does not read, and loses nothing", async () => {
    const { llm } = await fakeAsyncLLM();
    const stream = llm.generate({ text: "slow" }, { ...GREEDY, maxTokens: 100, logprobs: 1 }, { outputKind: "delta" });
    const first = (await stream.next()).value!;
    expect(first.outputs[0]!.tokenIds.length).toBe(1);
    await settled(llm);
    const second = (await stream.next()).value!;
    const tokens = expectedTokens([BOS, ...bytesOf("slow")], 100);
    expect(second.finished).toBe(true);
    expect(second.outputs[0]!.tokenIds).toEqual(tokens.slice(1));
    expect(second.outputs[0]!.text).toBe(String.fromCharCode(...tokens.slice(1)));
    expect(second.outputs[0]!.logprobs!.length).toBe(99);
    expect((await stream.next()).done).toBe(true);
  });

  it("hands out so many tokens at a time, the first and the last at once", async () => {
    const { llm } = await fakeAsyncLLM({ stepMs: 1 });
    const params = { ...GREEDY, maxTokens: 12, ignoreEos: true, streamInterval: 4 };
    const outputs = await collect(llm.generate({ text: "x" }, params, { outputKind: "delta" }));
    expect(outputs.map((output) => output.outputs[0]!.tokenIds.length)).toEqual([1, 4, 4, 3]);
  });

  it("refuses a maxTokens that does not fit, and takes null for all that is left", async () => {
    const { llm } = await fakeAsyncLLM();
    await expect(collect(llm.generate({ text: "x" }, { maxTokens: 255 }))).rejects.toThrow(
      "maximum context length is 256 tokens. However, you requested 257 tokens (2 in the prompt, 255 in the completion)",
    );
    const [output] = await collect(llm.generate({ text: "x" }, { maxTokens: null }, { outputKind: "final" }));
    expect(output!.outputs[0]!.tokenIds.length).toBe(254);
    const noRoom = { tokenIds: Array<number>(250).fill(1) };
    expect((await collect(llm.generate(noRoom, {}))).at(-1)!.outputs[0]!.tokenIds.length).toBe(6);
  });

  it("refuses an id that is in use, and takes it again afterwards", async () => {
    const { llm } = await fakeAsyncLLM();
    const first = llm.generate({ text: "x" }, GREEDY, { requestId: "a" });
    await first.next();
    await expect(llm.generate({ text: "y" }, GREEDY, { requestId: "a" }).next()).rejects.toThrow(
      /id a: an open request/,
    );
    await collect(first);
    expect((await collect(llm.generate({ text: "y" }, GREEDY, { requestId: "a" }))).at(-1)!.finished).toBe(true);
  });

  it("answers n outputs in one, each with its own seed", async () => {
    const { llm, worker } = await fakeAsyncLLM();
    const params = { n: 3, seed: 7, maxTokens: 6 };
    const [output] = await collect(llm.generate({ text: "x" }, params, { outputKind: "final" }));
    expect(output!.outputs.map((completion) => completion.index)).toEqual([0, 1, 2]);
    const tokens = output!.outputs.map((completion) => completion.tokenIds);
    expect(new Set(tokens.map(String)).size).toBe(3);
    expect(worker.steps.flatMap((step) => step.scheduledNewRequests.map((r) => r.params.seed))).toEqual([7, 8, 9]);
    for (let i = 0; i < 3; i++) {
      const alone = llm.generate({ text: "x" }, { seed: 7 + i, maxTokens: 6 }, { outputKind: "final" });
      expect((await alone.next()).value!.outputs[0]!.tokenIds).toEqual(tokens[i]);
    }
    const deltas = await collect(llm.generate({ text: "x" }, params, { outputKind: "delta" }));
    for (let i = 0; i < 3; i++) {
      const parts = deltas.flatMap((delta) => delta.outputs.filter((completion) => completion.index === i));
      expect(parts.flatMap((part) => part.tokenIds)).toEqual(tokens[i]);
      expect(parts.at(-1)!.finishReason).toBe("length");
    }
    expect(deltas.length).toBe(6);
    expect(deltas.map((delta) => delta.finished).filter(Boolean).length).toBe(1);
    expect(await settled(llm)).toEqual(WHOLE);
  });

  it("gives requests without a seed different ones", async () => {
    const { llm, worker } = await fakeAsyncLLM();
    await collect(llm.generate({ text: "x" }, { n: 4 }, { outputKind: "final" }));
    const seeds = worker.steps.flatMap((step) => step.scheduledNewRequests.map((request) => request.params.seed!));
    expect(new Set(seeds).size).toBe(4);
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  });

  it("passes priority on to the scheduler", async () => {
    const { llm } = await fakeAsyncLLM({ config: { schedulingPolicy: "priority", maxNumSeqs: 1 } });
    const order: number[] = [];
    const run = async (priority: number) => {
      await collect(llm.generate({ text: "x" }, GREEDY, { priority, outputKind: "final" }));
      order.push(priority);
    };
    await Promise.all([run(3), run(-1), run(2), run(0)]);
    expect(order).toEqual([-1, 0, 2, 3]);
  });
});

describe("aborting", () => {
  it.each([0, 1, 2, 3, 5, 8, 13])("frees the blocks after %i turns of the event loop", async (turns) => {
    const { llm, worker } = await fakeAsyncLLM({ config: { maxNumBatchedTokens: 32, maxNumSeqs: 2 } });
    const prompt = { tokenIds: Array.from({ length: 100 }, (_, i) => i) };
    const open = Array.from({ length: 3 }, () => {
      const controller = new AbortController();
      const outputs = collect(llm.generate(prompt, { maxTokens: 100 }, { signal: controller.signal }));
      return { controller, result: outputs.catch((error: unknown) => error) };
    });
    for (let i = 0; i < turns; i++) await turn();
    for (const { controller } of open) controller.abort();
    for (const { result } of open) expect(await result).toBeInstanceOf(AbortError);
    expect(await settled(llm)).toEqual(WHOLE);
    const before = worker.steps.length;
    await turn();
    await turn();
    expect(worker.steps.length).toBe(before);
    expect((await collect(llm.generate({ text: "x" }, GREEDY))).at(-1)!.finished).toBe(true);
  });

  it("by id ends the stream with what there is, and finish reason abort", async () => {
    const { llm } = await fakeAsyncLLM();
    const stream = llm.generate({ text: "x" }, { maxTokens: 100, n: 2 }, { requestId: "a", outputKind: "final" });
    const ended = stream.next();
    while (llm.stats().numGeneratedTokens < 6) await turn();
    llm.abort("a");
    llm.abort("a");
    llm.abort("unknown");
    const output = (await ended).value!;
    expect(output.finished).toBe(true);
    expect(output.outputs.map((completion) => completion.finishReason)).toEqual(["abort", "abort"]);
    expect(output.outputs[1]!.text.length).toBeGreaterThanOrEqual(3);
    expect((await stream.next()).done).toBe(true);
    expect(await settled(llm)).toEqual(WHOLE);
  });

  it("keeps the outputs of an aborted request away from a new one of the same id", async () => {
    const { llm } = await fakeAsyncLLM({ stepMs: 2 });
    const old = llm.generate({ text: "old" }, { maxTokens: 50 }, { requestId: "a", outputKind: "delta" });
    await old.next();
    llm.abort("a");
    const outputs = await collect(llm.generate({ text: "new" }, GREEDY, { requestId: "a", outputKind: "delta" }));
    const tokens = outputs.flatMap((output) => output.outputs[0]!.tokenIds);
    expect(tokens).toEqual(expectedTokens([BOS, ...bytesOf("new")], 8));
  });

  it("stops waiting for a tokenizer that hangs", async () => {
    const tokenizer = new FakeTokenizer();
    tokenizer.encode = () => new Promise(() => {});
    const { llm } = await fakeAsyncLLM({ tokenizer });
    const controller = new AbortController();
    const result = llm.generate({ text: "x" }, GREEDY, { signal: controller.signal }).next();
    await turn();
    controller.abort();
    await expect(result).rejects.toBeInstanceOf(AbortError);
  });

  it("comes before a wrong prompt, whose error then goes nowhere", async () => {
    const { llm } = await fakeAsyncLLM();
    const result = llm.generate({}, GREEDY, { signal: AbortSignal.abort() }).next();
    await expect(result).rejects.toBeInstanceOf(AbortError);
    await turn();
  });
});

describe("stop strings", () => {
  const text = "The user is a student of engineering";
  const stopped = async (params: object, outputKind: "delta" | "final" = "final") => {
    const { llm, worker } = await fakeAsyncLLM({ next: says(text) });
    const outputs = await collect(
      llm.generate({ text: "x" }, { temperature: 0, maxTokens: 36, ...params }, { outputKind }),
    );
    expect(await settled(llm)).toEqual(WHOLE);
    return { outputs, numSteps: worker.steps.length, last: outputs.at(-1)!.outputs[0]! };
  };

  it("end the request where the string is complete, across tokens, without its text", async () => {
    const { last, numSteps } = await stopped({ stop: ["is a"] });
    expect(last).toMatchObject({ text: "The user ", finishReason: "stop", stopReason: "is a" });
    expect(last.tokenIds.length).toBe("The user is a".length);
    // Texts are made while the next step runs: one step may be for nothing.
    expect(numSteps).toBeLessThanOrEqual("The user is a".length + 1);
  });

  it("stay in the text if they are to", async () => {
    const { last } = await stopped({ stop: "is a", includeStopStrInOutput: true });
    expect(last.text).toBe("The user is a");
  });

  it("never show in deltas, not even in part", async () => {
    const { outputs, last } = await stopped({ stop: ["user is not", "student"] }, "delta");
    const parts = outputs.map((output) => output.outputs[0]!.text);
    expect(parts.join("")).toBe("The user is a ");
    expect(last).toMatchObject({ finishReason: "stop", stopReason: "student" });
  });

  it("do not count before minTokens, nor end what they do not meet", async () => {
    const { last } = await stopped({ stop: ["e"], minTokens: 5 });
    expect(last.text).toBe("The us");
    const { last: missed } = await stopped({ stop: ["xyz"] });
    expect(missed).toMatchObject({ text, finishReason: "length", stopReason: null });
  });

  it("give the id as the reason for stop tokens", async () => {
    const { last } = await stopped({ stopTokenIds: ["u".charCodeAt(0)] });
    expect(last).toMatchObject({ text: "The ", finishReason: "stop", stopReason: 117 });
    expect(last.tokenIds.at(-1)).toBe(117);
  });
});

describe("log-probabilities", () => {
  it("come with rank, text and bytes, the sampled token first", async () => {
    const { llm } = await fakeAsyncLLM({ next: says("hé!") });
    const params = { ...GREEDY, maxTokens: 4, logprobs: 2 };
    const [output] = await collect(llm.generate({ text: "x" }, params, { outputKind: "final" }));
    const { logprobs, cumulativeLogprob } = output!.outputs[0]!;
    expect(logprobs!.map((position) => [...position.keys()])).toEqual([...bytesOf("hé!")].map((byte) => [byte, 0, 1]));
    const sampled = logprobs!.map((position) => [...position.values()][0]!);
    expect(sampled.map((logprob) => logprob.decodedToken)).toEqual(["h", "", "é", "!"]);
    expect(sampled.map((logprob) => logprob.bytes)).toEqual([...bytesOf("hé!")].map((byte) => [byte]));
    expect(sampled[0]).toMatchObject({ logprob: -104, rank: 104 });
    expect(logprobs![0]!.get(1)).toMatchObject({ logprob: -0.5, rank: 2 });
    expect(cumulativeLogprob).toBe(-bytesOf("hé!").reduce((sum, byte) => sum + byte, 0));
  });

  it.each([8, 2048])("of a prompt are put together from chunks of %i tokens", async (maxNumBatchedTokens) => {
    const { llm } = await fakeAsyncLLM({ config: { maxNumBatchedTokens, maxNumSeqs: 4 } });
    const tokenIds = Array.from({ length: 50 }, (_, i) => 40 + i);
    await collect(llm.generate({ tokenIds }, GREEDY));
    const params = { n: 2, promptLogprobs: 1, maxTokens: 3, seed: 1 };
    const outputs = await collect(llm.generate({ tokenIds }, params, { outputKind: "delta" }));
    const { promptLogprobs } = outputs[0]!;
    expect(promptLogprobs!.map((position) => position && [...position.keys()])).toEqual(
      tokenIds.map((id, i) => (i === 0 ? null : [id, 0])),
    );
    expect(outputs.slice(1).every((output) => output.promptLogprobs === undefined)).toBe(true);
    const [whole] = await collect(llm.generate({ tokenIds }, params, { outputKind: "final" }));
    expect(whole!.promptLogprobs).toEqual(promptLogprobs);
  });
});

describe("trouble", () => {
  it("of one request is an error for its caller alone", async () => {
    const { llm } = await fakeAsyncLLM({
      errorOf: (id, tokens) => (id.startsWith("bad") && tokens.length > 4 ? "row is all NaN" : undefined),
    });
    const run = (requestId: string, n = 1) =>
      collect(llm.generate({ text: "x" }, { maxTokens: 20, n, seed: 1 }, { requestId, outputKind: "final" }));
    const [good, bad, badMany] = await Promise.allSettled([run("good"), run("bad"), run("bad-3", 3)]);
    expect(good).toMatchObject({ status: "fulfilled" });
    for (const failed of [bad, badMany]) {
      expect(failed).toMatchObject({ status: "rejected", reason: { status: 500, code: "REQUEST_FAILED" } });
      expect((failed as PromiseRejectedResult).reason).toBeInstanceOf(RequestError);
      expect((failed as PromiseRejectedResult).reason.message).toMatch(/^request bad.*: row is all NaN$/);
    }
    expect(llm.isDead).toBe(false);
    expect(await settled(llm)).toEqual(WHOLE);
  });

  it("of the worker is the death of the engine: everyone is told, with the cause", async () => {
    const cause = new Error("illegal instruction");
    const { llm, worker } = await fakeAsyncLLM({
      beforeStep: (_, index) => {
        if (index === 3) throw cause;
      },
      config: { maxNumSeqs: 2 },
    });
    const run = () => collect(llm.generate({ text: "x" }, { maxTokens: 50 })).catch((error: unknown) => error);
    const errors = await Promise.all([run(), run(), run(), run()]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(EngineDeadError);
      expect((error as Error).message).toMatch(/the engine died: illegal instruction/);
      expect((error as Error).cause).toBe(cause);
    }
    expect(llm.isDead).toBe(true);
    expect(worker.isDisposed).toBe(true);
    expect(await run()).toBeInstanceOf(EngineDeadError);
    await expect(llm.resetPrefixCache()).rejects.toBeInstanceOf(EngineDeadError);
    llm.abort("x");
    expect(llm.stats().numOpenRequests).toBe(0);
    await llm.close();
    expect(llm.deathError).toBeInstanceOf(EngineDeadError);
  });

  it("closing ends open requests and is no death", async () => {
    const { llm, worker } = await fakeAsyncLLM({ stepMs: 2 });
    const open = collect(llm.generate({ text: "x" }, { maxTokens: 50 })).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await llm.close();
    expect(await open).toBeInstanceOf(EngineDeadError);
    expect(worker.isDisposed).toBe(true);
    expect(llm.isDead).toBe(false);
  });
});

it("finds prefixes again until the cache is reset, which waits for no one", async () => {
  const { llm } = await fakeAsyncLLM();
  const prompt = { tokenIds: Array.from({ length: 50 }, (_, i) => i) };
  const cached = async (cacheSalt?: string) =>
    (await collect(llm.generate(prompt, GREEDY, { outputKind: "final", cacheSalt })))[0]!.numCachedTokens;
  expect(await cached()).toBe(0);
  expect(await cached()).toBe(48);
  expect(await cached("other")).toBe(0);
  const open = llm.generate(prompt, { maxTokens: 100 });
  await open.next();
  expect(await llm.resetPrefixCache()).toBe(false);
  await open.return();
  await settled(llm);
  expect(await llm.resetPrefixCache()).toBe(true);
  expect(await cached()).toBe(0);
  expect(llm.stats().prefixCache.hits).toBeGreaterThan(0);
});

it("renders chats", async () => {
  const template =
    "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[a]{% endif %}";
  const { llm } = await fakeAsyncLLM({ tokenizer: new FakeTokenizer(template) });
  const messages = [{ role: "user", content: "hi" }];
  expect(await llm.renderChat(messages)).toEqual({ text: "[user]hi[a]", tokenIds: bytesOf("[user]hi[a]") });
  expect((await llm.renderChat(messages, { addGenerationPrompt: false })).text).toBe("[user]hi");
  expect((await llm.renderChat(messages, { chatTemplate: "{{ x }}", chatTemplateKwargs: { x: 1 } })).text).toBe("1");
  await expect(llm.renderChat([])).rejects.toThrow(/at least one message/);
  const { llm: configured } = await fakeAsyncLLM({ config: { chatTemplate: "{{ messages[0].content }}!" } });
  expect((await configured.renderChat(messages)).text).toBe("hi!");
  await expect(fakeAsyncLLM({ config: { chatTemplate: "no-such-file" } })).rejects.toThrow(/no such file/);
  const { llm: bare } = await fakeAsyncLLM({ tokenizer: undefined });
  await expect(bare.renderChat(messages)).rejects.toThrow(/no tokenizer/);
});
