import { describe, expect, it } from "vitest";
import { textsOf } from "../../test/support/grammar-text.js";
import { FormError } from "./grammar-writer.js";
import { jsonSchemaGrammar } from "./json-schema.js";

type Case = [schema: unknown, valid: string[], invalid: string[]];

const text = { type: "string" };
const integer = { type: "integer" };

const CASES: Record<string, Case> = {
  "any value": [{}, ["1", '{"a": [true, null]}', '"\\u00e9\\ud83d\\ude00"'], ["01", "nul", '"\\ud83d"', "{'a':1}"]],
  "type lists": [{ type: ["integer", "null"] }, ["-12", "null", "0"], ["1.5", '"1"', "-01"]],
  numbers: [{ type: "number" }, ["1", "-0.5", "1e5", "1.25E-3"], [".5", "1.", "1e", "+1"]],
  properties: [
    { type: "object", properties: { a: integer, b: text, c: { type: "null" } }, required: ["b"] },
    ['{"b": ""}', '{"a":1,"b":"x"}', '{ "a": 1,\n  "b": "x",\n  "c": null\n}', '{"b":"","c":null}'],
    ["{}", '{"a":1}', '{"b":"x","a":1}', '{"b":"x","d":1}', '{"a":1,,"b":""}', '{"b":"",}'],
  ],
  "properties that may all be missing": [
    { type: "object", properties: { a: integer, b: integer } },
    ["{}", '{"a":1}', '{"b":1}', '{"a":1,"b":2}'],
    ['{"b":1,"a":2}', '{,"b":1}', '{"c":1}'],
  ],
  "further properties": [
    { type: "object", properties: { a: integer, ab: integer }, required: ["a"], additionalProperties: text },
    ['{"a":1}', '{"a":1,"b":"x"}', '{"a":1,"ab":2,"abc":"x","":"y"}', '{"a":1,"aa":"x"}'],
    ['{"a":1,"a":"x"}', '{"a":1,"ab":"x"}', '{"a":1,"b":2}'],
  ],
  "required names without a schema": [{ type: "object", required: ["a"] }, ['{"a":[1]}'], ["{}", '{"b":1}']],
  "numbers of properties": [
    { type: "object", additionalProperties: integer, minProperties: 1, maxProperties: 2 },
    ['{"a":1}', '{"a":1,"b":2}'],
    ["{}", '{"a":1,"b":2,"c":3}'],
  ],
  "names by pattern": [
    { type: "object", patternProperties: { "^x[0-9]$": integer }, additionalProperties: false },
    ["{}", '{"x1":2,"x3":4}'],
    ['{"y1":2}', '{"x12":2}'],
  ],
  "names that must be escaped": [
    { type: "object", properties: { 'é"\n😀': integer }, required: ['é"\n😀'] },
    ['{"é\\"\\n😀":1}'],
    ['{"é":1}'],
  ],
  items: [
    { type: "array", items: integer, minItems: 1, maxItems: 3 },
    ["[1]", "[1, 2, 3]", "[\n  1,\n  2\n]"],
    ["[]", "[1,2,3,4]", "[1,]", '["a"]'],
  ],
  "lists without a schema for items": [{ type: "array", minItems: 2 }, ['[1,"a"]', "[1,2,{}]"], ["[1]", "[]"]],
  "items by place": [
    { type: "array", prefixItems: [integer, text], items: { type: "null" }, minItems: 3 },
    ['[1,"a",null]', '[1,"a",null,null]'],
    ['[1,"a"]', '[1,"a",2]', '["a",1,null]'],
  ],
  "items by place alone": [{ type: "array", prefixItems: [integer, text] }, ['[1,"a"]'], ["[]", '[1,"a",2]']],
  "no items": [{ type: "array", maxItems: 0 }, ["[]"], ["[1]"]],
  lengths: [{ type: "string", minLength: 2, maxLength: 3 }, ['"ab"', '"äö"', '"😀😀😀"'], ['"a"', '"abcd"', '"a\nb"']],
  "least lengths": [{ type: "string", minLength: 2 }, ['"ab"', '"ab\\n"', '"ab\\ud83d\\ude00"'], ['"a"', '"a\n"']],
  patterns: [{ type: "string", pattern: '^[^a]{2}"\\\\$' }, ['"xy\\"\\\\"'], ['"ax\\"\\\\"', '"xy"']],
  "patterns open at one end": [{ type: "string", pattern: "^ab" }, ['"ab"', '"abc"'], ['"cab"']],
  "minimum of integers": [{ type: "integer", minimum: 5 }, ["5", "9", "10", "123456"], ["4", "1", "0", "-5", "05"]],
  "bounds of integers": [
    { type: "integer", exclusiveMinimum: -13, maximum: 205 },
    ["-12", "-9", "0", "99", "199", "205"],
    ["-13", "206", "300", "-20", "1000"],
  ],
  "bounds of numbers": [
    { type: "number", minimum: 1.5, exclusiveMaximum: 2.25 },
    ["1.5", "1.50", "1.55", "2", "2.2", "2.24999"],
    ["1.4", "1", "2.25", "2.3", "1x5", "15"],
  ],
  "bounds below zero": [
    { type: "number", minimum: -0.5, maximum: 0.25 },
    ["-0.5", "-0.49", "0", "-0", "0.25", "0.2"],
    ["-0.51", "0.26", "-1", "1"],
  ],
  "values of an enum": [
    { enum: [1, 'a"b', null, { x: [1] }] },
    ["1", '"a\\"b"', "null", '{"x":[1]}'],
    ["2", '{"x": [1]}'],
  ],
  "the type of an enum's values": [{ type: "string", enum: ["a", 1] }, ['"a"'], ["1"]],
  const: [{ const: "é" }, ['"é"'], ['"e"']],
  anyOf: [
    {
      type: "object",
      properties: { k: { type: "string" } },
      required: ["k"],
      anyOf: [{ properties: { k: { const: "a" } } }, { required: ["k"], properties: { k: { const: "b" } } }],
    },
    ['{"k":"a"}', '{"k":"b"}'],
    ['{"k":"c"}', "{}"],
  ],
  allOf: [
    {
      allOf: [{ $ref: "#/$defs/p" }, { properties: { b: integer }, required: ["b"] }],
      $defs: { p: { type: "object", properties: { a: integer }, required: ["a"] } },
    },
    ['{"a":1,"b":2}'],
    ['{"a":1}', '{"b":2}'],
  ],
  "recursion and references": [
    {
      $ref: "#/$defs/a~1b",
      $defs: {
        "a/b": {
          type: "object",
          properties: { next: { anyOf: [{ $ref: "#/$defs/a~1b" }, { type: "null" }] } },
          required: ["next"],
        },
      },
    },
    ['{"next":null}', '{"next":{"next":{"next":null}}}'],
    ["null", '{"next":1}'],
  ],
  "keywords beside a reference": [
    { $defs: { s: { type: "string" } }, $ref: "#/$defs/s", maxLength: 1, description: "short" },
    ['"a"'],
    ['"ab"'],
  ],
  "keywords that say their type": [{ properties: { a: integer }, required: ["a"] }, ['{"a":1}'], ["1", "{}"]],
  dates: [
    { type: "string", format: "date-time" },
    ['"2024-02-28T23:59:59Z"', '"1999-12-31T00:00:00.5+01:00"'],
    ['"2024-02-30T00:00:00Z"', '"2024-01-01"'],
  ],
  addresses: [{ type: "string", format: "email" }, ['"a.b@c-d.org"'], ['"a@b"', '"@c.org"']],
};

describe("jsonSchemaGrammar", () => {
  it.each(Object.entries(CASES))("holds to %s", async (_, [schema, valid, invalid]) => {
    const take = await textsOf({
      kind: "ebnf",
      text: jsonSchemaGrammar(JSON.stringify(schema), { anyWhitespace: true }),
    });
    for (const one of valid) expect([one, await take(one)]).toEqual([one, "yes"]);
    for (const one of invalid) expect([one, await take(one)]).not.toEqual([one, "yes"]);
  });

  it("writes no blanks but those after colon and comma, where that is wanted", async () => {
    const schema = JSON.stringify({ type: "object", properties: { a: integer, b: integer } });
    const take = await textsOf({ kind: "ebnf", text: jsonSchemaGrammar(schema, { anyWhitespace: false }) });
    expect(await take('{"a": 1, "b": 2}')).toBe("yes");
    expect(await take('{"a":1}')).toBe("no");
    expect(await take("{ ")).toBe("no");
  });

  it("never lets blanks go on for ever", async () => {
    const take = await textsOf({ kind: "ebnf", text: jsonSchemaGrammar('{"type":"object"}', { anyWhitespace: true }) });
    expect(await take(`{\n${" ".repeat(40)}`)).toBe("more");
    expect(await take(`{\n${" ".repeat(41)}`)).toBe("no");
    expect(await take("{}\n")).toBe("no");
  });

  it.each([
    [{ not: {} }, /^not is not supported/],
    [{ type: "object", properties: { a: { if: {} } } }, /^properties\.a: if is not supported/],
    [{ type: "array", items: { multipleOf: 3, type: "integer" } }, /^items: multipleOf 3 is not supported/],
    [{ type: "array", uniqueItems: true }, /^uniqueItems is not supported/],
    [{ type: "array", contains: {} }, /^contains is not supported/],
    [{ dependentRequired: { a: ["b"] } }, /^dependentRequired is not supported/],
    [{ type: "string", format: "foo" }, /^format "foo" is not supported; the formats are date/],
    [{ type: "string", pattern: "a", minLength: 3 }, /^pattern together with minLength is not supported/],
    [{ type: "string", pattern: "a(?=b)" }, /^pattern: Regex parsing error at position 2: Lookahead/],
    [{ type: "foo" }, /^Unsupported type "foo"/],
    [{ $ref: "https://example.org/x.json" }, /is not within the schema/],
    [{ $ref: "#/$defs/x" }, /Cannot find field "#\/\$defs\/x"/],
    [{ $ref: "#" }, /go round in circles/],
    [{ $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" }, /go round in circles/],
    [{ type: "integer", minimum: 5, maximum: 2 }, /no value can ever satisfy/],
    [{ type: "string", minLength: 5, maxLength: 2 }, /no value can ever satisfy/],
    [{ enum: [] }, /no value can ever satisfy/],
    [false, /no value can ever satisfy/],
    [{ anyOf: [] }, /anyOf must be a list of schemas that is not empty/],
    [{ type: "object", properties: { a: 3 } }, /properties\.a: must be a schema/],
    [
      { type: "object", propertyNames: { minLength: 1 }, properties: { a: {} } },
      /propertyNames together with properties/,
    ],
    [{ allOf: [{ pattern: "a" }, { pattern: "b" }] }, /pattern is given twice/],
  ])("refuses %j", (schema, message) => {
    const run = () => jsonSchemaGrammar(JSON.stringify(schema), { anyWhitespace: true });
    expect(run).toThrow(message);
    expect(run).toThrow(FormError);
  });
});
