import { describe, expect, it } from "vitest";
import { RequestError } from "../util/errors.js";
import { normalizeSamplingParams } from "./sampling-params.js";
import { normalizeStructuredOutputs, type StructuredOutputsInput } from "./structured-outputs.js";

const circular: Record<string, unknown> = {};
circular.properties = circular;

let deep: object = {};
for (let i = 0; i < 5000; i++) deep = { items: deep };

const REFUSED: [string, unknown, RegExp][] = [
  ["no kind", {}, /structured_outputs: You must use one kind/],
  ["null kinds", { json: null, regex: undefined }, /You must use one kind/],
  ["two kinds", { json: {}, regex: "a" }, /multiple are specified: json, regex/],
  ["a list", [], /must be an object/],
  ["an unknown field", { jsn: {} }, /structured_outputs\.jsn: is not known; the fields are json, json_object/],
  ["text that is no JSON", { json: "{" }, /structured_outputs\.json: Invalid JSON grammar specification/],
  ["an empty schema text", { json: " " }, /cannot be an empty string/],
  ["a number as schema", { json: "3" }, /must be a JSON schema/],
  ["a list as schema", { json: [] }, /must be a JSON schema/],
  ["a schema that goes round", { json: circular }, /must have at most 128 levels/],
  ["a deep schema", { json: deep }, /must have at most 128 levels/],
  ["a big integer", { json: { const: 1n } }, /must be plain JSON/],
  ["json_object false", { jsonObject: false }, /structured_outputs\.json_object: must be True if set/],
  ["a long expression", { regex: "a".repeat(40_000) }, /structured_outputs\.regex: must have at most 32768 char/],
  ["a NUL", { regex: "a\0" }, /must not contain a NUL/],
  ["a lone surrogate", { regex: "\ud800" }, /lone surrogate/],
  ["no choice", { choice: [] }, /structured_outputs\.choice: cannot be an empty list/],
  ["an empty choice", { choice: ["a", ""] }, /not empty; got "" at position 1/],
  ["a choice that is no text", { choice: [1] }, /got 1 at position 0/],
  ["too many choices", { choice: Array(9000).fill("a") }, /at most 8192 texts; got 9000/],
  ["an empty grammar", { grammar: " \n" }, /structured_outputs\.grammar: cannot be an empty string/],
  ["a tag that is no object", { structuralTag: "[]" }, /structured_outputs\.structural_tag: must be a structural tag/],
  ["a whitespace pattern", { json: {}, whitespacePattern: " *" }, /whitespace_pattern: is not supported/],
  ["a flag that is none", { json: {}, disableAnyWhitespace: 1 }, /disable_any_whitespace: must be true or false/],
  ["ids that are none", { json: {}, startAfter: [-1] }, /start_after: must be a list of at most 64 token ids/],
  ["the caller's own field", { json: "{", field: "response_format.x" }, /^response_format\.x: Invalid JSON/],
];

describe("normalizeStructuredOutputs", () => {
  it.each(REFUSED)("refuses %s", (_, input, message) => {
    const run = () => normalizeStructuredOutputs(input as StructuredOutputsInput);
    expect(run).toThrow(message);
    expect(run).toThrow(RequestError);
  });

  it("names the request's field", () => {
    const param = (input: StructuredOutputsInput): unknown => {
      try {
        normalizeStructuredOutputs(input);
      } catch (error) {
        return (error as RequestError).param;
      }
      return "nothing was thrown";
    };
    expect(param({ json: "{" })).toBe("structured_outputs");
    expect(param({ json: "{", field: "response_format.json_schema.schema" })).toBe("response_format");
  });

  it("gives one form, whatever came, and takes it again", () => {
    const schema = { type: "object", properties: { a: { type: "integer" } } };
    const outputs = normalizeStructuredOutputs({ json: schema, regex: null, startAfter: [7] });
    expect(outputs).toEqual({
      json: JSON.stringify(schema),
      disableAnyWhitespace: false,
      disableAdditionalProperties: false,
      startAfter: [7],
      field: "structured_outputs.json",
    });
    expect(normalizeStructuredOutputs({ json: JSON.stringify(schema, null, 2), startAfter: [7] })).toEqual(outputs);
    expect(normalizeStructuredOutputs(outputs)).toEqual(outputs);
    expect(normalizeStructuredOutputs({ json: true }).json).toBe("true");
  });

  it("is part of the sampling parameters", () => {
    expect(normalizeSamplingParams({ structuredOutputs: { choice: ["a"] } }).structuredOutputs?.choice).toEqual(["a"]);
    expect(normalizeSamplingParams({ structuredOutputs: null }).structuredOutputs).toBeNull();
    expect(() => normalizeSamplingParams({ structuredOutputs: {} })).toThrow(/must use one kind/);
  });
});
