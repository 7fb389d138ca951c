import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { normalizeStructuredOutputs } from "../request/structured-outputs.js";
import type { StructuredOutputsInput } from "../request/structured-outputs.js";
import { packVocabulary } from "./vocabulary.js";
import { XGrammarBackend } from "./xgrammar-backend.js";
import type { XGrammarMatcher } from "./xgrammar-matcher.js";

const words = [...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)), "yes", "no", "</s>", "ab"];
const EOS = 130;
const NUM_ROWS = 150;
const encoder = new TextEncoder();
const tokens = {
  vocabSize: words.length,
  isSpecial: (id: number) => id === EOS,
  tokenBytes: (id: number) => encoder.encode(words[id]),
};

let backend: XGrammarBackend;
afterEach(() => backend.close());

async function open(limitMs = 20_000): Promise<void> {
  backend = new XGrammarBackend({ vocabulary: await packVocabulary(tokens, NUM_ROWS, turn), limitMs });
}

function matcherFor(input: StructuredOutputsInput): Promise<XGrammarMatcher> {
  return backend.open(normalizeStructuredOutputs(input), [EOS]) as Promise<XGrammarMatcher>;
}

async function take(matcher: XGrammarMatcher, text: string): Promise<void> {
  for (const character of text) {
    backend.advance([[matcher, character.charCodeAt(0)]]);
    await matcher.ready();
  }
}

function allowed({ mask }: XGrammarMatcher): string[] {
  const ids = Array.from({ length: NUM_ROWS }, (_, id) => id).filter(
    (id) => ((mask[id >> 5]! >>> (id & 31)) & 1) === 1,
  );
  return ids.map((id) => words[id] ?? `row ${id}`);
}

/** Takes longer to compile than any limit. */
const EXPLOSIVE = {
  type: "object",
  properties: Object.fromEntries(Array.from({ length: 6000 }, (_, i) => [`property ${i}`, { type: "string" }])),
};

describe("XGrammarBackend", () => {
  it("gives masks of tokens, the end where it may be, and nothing beyond the vocabulary", async () => {
    await open();
    const matcher = await matcherFor({ choice: ["yes", "no", "yeah"] });
    expect(allowed(matcher)).toEqual(["n", "y", "yes", "no"]);
    await take(matcher, "yes");
    expect(allowed(matcher)).toEqual(["</s>"]);
    expect([matcher.mayEnd, matcher.isComplete, matcher.failure]).toEqual([true, true, undefined]);
    const free = await matcherFor({ regex: ".*" });
    expect(allowed(free)).toHaveLength(words.length - 1);
    expect([free.mayEnd, free.isComplete]).toEqual([true, false]);
    const any = await matcherFor({ structuralTag: { type: "structural_tag", format: { type: "any_text" } } });
    expect(allowed(any).filter((word) => word.startsWith("row"))).toEqual([]);
  });

  it("fails a matcher that is given what it does not allow, and no other", async () => {
    await open();
    const [one, other] = [await matcherFor({ regex: "a+b" }), await matcherFor({ regex: "a+b" })];
    backend.advance([
      [one, 98],
      [other, 97],
    ]);
    await Promise.all([one.ready(), other.ready()]);
    expect(one.failure).toMatch(/does not allow/);
    expect([other.failure, allowed(other)]).toEqual([undefined, ["a", "b", "ab"]]);
  });

  it("moves matchers when their thread is lost", async () => {
    await open();
    const matchers = [await matcherFor({ regex: "a{3}b" }), await matcherFor({ choice: ["aac"] })];
    for (const matcher of matchers) await take(matcher, "aa");
    await Promise.all(backend.hosts.map(({ thread }) => thread.kill()));
    backend.advance([[matchers[0]!, 97]]);
    await Promise.all(matchers.map((matcher) => matcher.ready()));
    expect(matchers.map(({ failure }) => failure)).toEqual([undefined, undefined]);
    expect(matchers.map(allowed)).toEqual([["b"], ["c"]]);
    expect(allowed(await matcherFor({ choice: ["no"] }))).toEqual(["n", "no"]);
  });

  it("ends what takes too long, and nobody else notices", async () => {
    await open(1500);
    const matcher = await matcherFor({ regex: "a{3}b" });
    await take(matcher, "a");
    const failed = matcherFor({ json: EXPLOSIVE, field: "response_format.json_schema.schema" });
    await take(matcher, "aa");
    await expect(failed).rejects.toThrow(
      /^response_format\.json_schema\.schema: it cannot be compiled: it took more than/,
    );
    await expect(failed).rejects.toMatchObject({ status: 400, param: "response_format" });
    expect(allowed(matcher)).toEqual(["b"]);
    expect(allowed(await matcherFor({ choice: ["no"] }))).toEqual(["n", "no"]);
  });

  it.each<[string, StructuredOutputsInput, RegExp]>([
    ["a grammar without root", { grammar: 'a ::= "b"' }, /grammar: .*root rule with name "root" is not found/],
    ["a rule that is not there", { grammar: "root ::= foo" }, /Rule "foo" is not defined/],
    ["what goes round for ever", { grammar: "root ::= a\na ::= root" }, /no output can ever have this form/],
    [
      "a bad part of a tag",
      { structuralTag: { type: "structural_tag", format: { type: "regex", pattern: "(" } } },
      /structural_tag: format: Regex parsing error/,
    ],
    [
      "an unknown format of a tag",
      { structuralTag: { format: { type: "x" } } },
      /must be a format whose type is one of/,
    ],
    ["deep parentheses", { grammar: `root ::= ${"(".repeat(5000)}` }, /at most 48 deep/],
    ["a schema nobody can satisfy", { json: false }, /no value can ever satisfy/],
    [
      "a closed tag",
      { structuralTag: { structures: [{ begin: "<a>", schema: {}, end: "</a>" }] } },
      /triggers must both be lists/,
    ],
  ])("refuses %s, and goes on", async (_, input, message) => {
    await open();
    await expect(matcherFor(input)).rejects.toThrow(message);
    expect(allowed(await matcherFor({ choice: ["no"] }))).toEqual(["n", "no"]);
  });

  it("takes large grammars that are not explosive", async () => {
    await open();
    const choice = Array.from({ length: 3000 }, (_, i) => `value ${i}`);
    expect(allowed(await matcherFor({ choice }))).toEqual(["v"]);
    expect(allowed(await matcherFor({ regex: "(a{1,1000}b){1,1000}" }))).toEqual(["a", "ab"]);
  });
});
