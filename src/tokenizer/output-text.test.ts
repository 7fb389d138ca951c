import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Detokenizer } from "./detokenizer.js";
import { OutputText } from "./output-text.js";
import type { OutputTextOptions } from "./output-text.js";

/** A detokenizer whose token i has text i of the list. */
function listing(texts: string[], atEnd = ""): Detokenizer {
  return { push: (ids) => ids.map((id) => texts[id]).join(""), flush: () => atEnd };
}

/** Pushes the texts as tokens, one a step, until one stops; the final text. */
function run(texts: string[], options: OutputTextOptions): { text: string; stopped?: string } {
  const output = new OutputText(listing(texts), options);
  for (let id = 0; id < texts.length; id++) {
    const { stopped } = output.push([id]);
    if (stopped !== undefined) return { text: output.take(false, true), stopped };
  }
  return { text: output.take(false, true) };
}

const continuation = [" is", " Lee", ",", " and", " I", "'m", " a", " student", " in", " the", " college", " of"];

describe("stop strings", () => {
  it("cut the text; min_tokens moves the check past what came before", () => {
    expect(run(continuation, { stop: ["e"], minTokens: 0 })).toEqual({ text: " is L", stopped: "e" });
    expect(run(continuation, { stop: ["e"], minTokens: 5 })).toEqual({ text: " is Lee, and I'm a stud", stopped: "e" });
    expect(run(continuation, { stop: ["e"], minTokens: 99 })).toEqual({ text: continuation.join("") });
  });

  it("min_tokens holds within a step of several tokens too", () => {
    const output = new OutputText(listing(continuation), { stop: ["e"], minTokens: 5 });
    expect(output.push([0, 1, 2])).toEqual({});
    expect(output.push([3, 4, 5, 6, 7, 8, 9])).toEqual({ stopped: "e" });
    expect(output.take(false, true)).toBe(" is Lee, and I'm a stud");
    expect(output.numTokens).toBe(10);
  });

  it("a stop string that begins in the minimum and ends after it counts", () => {
    expect(run(["a", "b", "c"], { stop: ["bc"], minTokens: 2 })).toEqual({ text: "a", stopped: "bc" });
    expect(run(["a", "bc", "d"], { stop: ["bc"], minTokens: 2 })).toEqual({ text: "abcd" });
  });

  it("inside a token", () => {
    const texts = [" volunteer", " or", "ganization", " for"];
    expect(run(texts, { stop: ["gani"] })).toEqual({ text: " volunteer or", stopped: "gani" });
    expect(run(texts, { stop: ["gani"], includeStop: true })).toEqual({ text: " volunteer organi", stopped: "gani" });
  });

  it("nothing is added after the end", () => {
    const output = new OutputText(listing(["a", "stop", "b"], "\uFFFD"), { stop: ["stop"] });
    expect(output.push([0, 1]).stopped).toBe("stop");
    expect(output.push([2])).toEqual({});
    expect(output.take(true, true)).toBe("a");
    expect(output.take(true, true)).toBe("");
  });
});

describe("stop tokens", () => {
  it.each([
    [false, "ab"],
    [true, "ab</s>"],
  ])("includeStop %s: %j", (includeStop, expected) => {
    const output = new OutputText(listing(["a", "b", "</s>"]), { includeStop });
    output.push([0]);
    expect(output.push([1, 2], { endsWithStopToken: true })).toEqual({});
    expect(output.take(false, true)).toBe(expected);
    expect(output.numTokens).toBe(3);
  });
});

describe("streaming", () => {
  it("holds back what may begin a stop string, and gives it at the end", () => {
    const output = new OutputText(listing(["abc", "de", "f"]), { stop: ["xyz!"] });
    const parts = [0, 1, 2].map((id) => (output.push([id]), output.take(true, false)));
    expect(parts).toEqual(["", "ab", "c"]);
    expect(output.take(false, false)).toBe("abc");
    expect(output.take(true, true)).toBe("def");
  });

  it("holds nothing back if the stop string is included, or there is none", () => {
    for (const options of [{ stop: ["xyz"], includeStop: true }, {}]) {
      const output = new OutputText(listing(["abc"]), options);
      output.push([0]);
      expect(output.take(true, false)).toBe("abc");
    }
  });

  it("never sends half a surrogate pair", () => {
    const output = new OutputText(listing(["a🙂", "b"]), { stop: ["xy"] });
    output.push([0]);
    expect(output.take(true, false)).toBe("a");
    output.push([1]);
    expect(output.take(true, false)).toBe("🙂");
  });

  it("an unfinished character comes at the end", () => {
    const output = new OutputText(listing(["a"], "\uFFFD"));
    output.push([0]);
    expect([output.take(true, false), output.take(true, true), output.take(false, true)]).toEqual([
      "a",
      "\uFFFD",
      "a\uFFFD",
    ]);
  });

  it("deltas make up the whole text, no part of a stop string is ever sent, and steps do not matter", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "c", "🙂"), maxLength: 3 });
    const stops = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), stops, fc.nat(6), fc.nat(2), (texts, stop, minTokens, group) => {
        const options = { stop, minTokens };
        const expected = run(texts, options);
        const output = new OutputText(listing(texts), options);
        let sent = "";
        let stopped: string | undefined;
        for (let id = 0; id < texts.length && stopped === undefined; id += group + 1) {
          const ids = texts.map((_, index) => index).slice(id, id + group + 1);
          ({ stopped } = output.push(ids));
          if (stopped === undefined) sent += output.take(true, false);
        }
        sent += output.take(true, true);
        expect(sent).toBe(output.take(false, true));
        expect({ text: sent, ...(stopped === undefined ? {} : { stopped }) }).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
