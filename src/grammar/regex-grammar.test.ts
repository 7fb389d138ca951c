import { describe, expect, it } from "vitest";
import { textsOf } from "../../test/support/grammar-text.js";
import { choiceGrammar, wholeRegex } from "./grammar-spec.js";
import { FormError } from "./grammar-writer.js";
import { checkNesting } from "./nesting.js";
import { prepareGrammar } from "./user-grammar.js";

const TEXTS = [
  "",
  "a",
  "b",
  "ab",
  "abc",
  "aab",
  "a.b",
  "12",
  "1 2",
  "é",
  "😀",
  "a\nb",
  "]",
  "-",
  "\\",
  '"',
  "A_1",
  "  ",
  "aaaa",
];

describe("wholeRegex", () => {
  it.each([
    ["abc?"],
    ["(a|b)*c"],
    ["^a+b?$"],
    ["^(a|ab)$"],
    ["(?:a{2}){1,2}"],
    ["(?<name>a)(?P<other>b)"],
    ["a*?b+?"],
    ["[^a]"],
    ["[a-c]{1,3}"],
    ["[]a]"],
    ["[\\]\\\\-]"],
    ["[-a]"],
    ["[a-]"],
    ["\\d+"],
    ["\\d\\s\\d"],
    ["\\w+"],
    ["\\W"],
    ["[\\w.]+"],
    ["[^\\d]"],
    ["."],
    [".+"],
    ["a\\.b"],
    ["a\\nb"],
    ["\\u00e9"],
    ["\\xe9"],
    ["[\\u{1F600}-\\u{1F64F}]"],
    ["a{,2}"],
    ["a{2,}"],
    ["a|"],
    ["()"],
    ["(a*)*"],
    ["\\s*"],
    ['"'],
  ])("takes what JavaScript takes for %s", async (regex) => {
    const take = await textsOf({ kind: "ebnf", text: wholeRegex(regex) });
    // Python's spellings; and []a], where JavaScript has an empty class.
    const own = regex.replace("(?P<", "(?<").replace("[]a]", "[\\]a]").replace("{,2}", "{0,2}");
    const expected = new RegExp(`^(?:${own})$`, "u");
    for (const text of TEXTS) expect([text, (await take(text)) === "yes"]).toEqual([text, expected.test(text)]);
  });

  it.each([
    ["(a", /position 1: The parenthesis is not closed/],
    ["a)", /position 2: there is a "\)" without/],
    ["a(?=b)", /position 2: Lookahead is not supported/],
    ["(?<!a)b", /Lookbehind is not supported/],
    ["(?i)a", /Group modifier flag is not supported/],
    ["(a)\\1", /Backreference is not supported/],
    ["\\bfoo", /Word boundary is not supported/],
    ["\\p{L}", /Unicode character class/],
    ["[z-a]", /lower bound is larger/],
    ["[a", /class is not closed/],
    ["a{3,2}", /lower bound 3 is larger/],
    ["a{1,1000000}", /at most 100000 times/],
    ["*a", /nothing to repeat/],
    ["a**", /two quantifiers/],
    ["a^b", /an anchor is supported at the start or the end/],
    ["\\", /ends in a backslash/],
    ["\\ud800", /no character/],
    ["(".repeat(60) + "a" + ")".repeat(60), /at most 48 deep/],
  ])("refuses %s", (regex, message) => {
    expect(() => wholeRegex(regex)).toThrow(message);
    expect(() => wholeRegex(regex)).toThrow(FormError);
  });
});

describe("choiceGrammar", () => {
  it("takes exactly its texts", async () => {
    const choices = ["yes", 'a "b"\\', "new\nline", "ü😀", "\t#"];
    const take = await textsOf({ kind: "ebnf", text: choiceGrammar(choices) });
    for (const one of choices) expect([one, await take(one)]).toEqual([one, "yes"]);
    for (const other of ["", "ye", "yes ", "new", "no"]) expect(await take(other)).not.toBe("yes");
  });
});

describe("prepareGrammar", () => {
  it("keeps classes beyond ASCII to their characters", async () => {
    const take = await textsOf({
      kind: "ebnf",
      text: prepareGrammar('root ::= [a\\u00e0-\u00ff] "[\u00e9]" [^x\\]] # [\u00e9]'),
    });
    expect([await take("é[é]é"), await take("a[é]b"), await take("b[é]b"), await take("€[é]b")]).toEqual([
      "yes",
      "yes",
      "no",
      "no",
    ]);
    expect(await take("é[é]x")).toBe("no");
    expect(() => prepareGrammar("root ::= [^é]")).toThrow(/\[\^é\]: a set of \d+ characters beyond ASCII/);
  });
});

describe("checkNesting", () => {
  it("counts parentheses, less those in strings, classes and comments", () => {
    const deep = "(".repeat(100);
    expect(() => checkNesting(`root ::= "${deep}" [${deep}] # ${deep}\na ::= ("x")`)).not.toThrow();
    expect(() => checkNesting(`root ::= ${deep}`)).toThrow(/at most 48 deep/);
  });
});
