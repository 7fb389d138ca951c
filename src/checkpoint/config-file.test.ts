/** config.json: mistakes are named with their line; Python's Infinity is read. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readConfig, readGenerationConfig } from "./config-file.js";

const folder = mkdtempSync(join(tmpdir(), "quire-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string | Uint8Array): Record<string, unknown> {
  writeFileSync(join(folder, "config.json"), text);
  return readConfig(folder);
}

test("nested configs, a byte order mark and Infinity are read as they are", () => {
  expect(read('{"text_config": {"hidden_size": 64}}')).toEqual({ text_config: { hidden_size: 64 } });
  expect(read('\ufeff{"a": 1}')).toEqual({ a: 1 });
  expect(read('{"Infinity": "-Infinity", "limit": [0.0, Infinity, -Infinity]}')).toEqual({
    Infinity: "-Infinity",
    limit: [0, Infinity, -Infinity],
  });
});

test.each([
  ['{\n"a": 1,\n}', /line 3, column 1: found "}"/],
  ['{\n"a": 1\n"b": 2}', /line 3, column 1: found "\\"b\\": 2}"/],
  ['{"a": NaN}', /line 1, column 7: found "NaN}"/],
  ['{"a": 01}', /column 7/],
  ['{"a": [1, 2}', /column 12: found "}"/],
  ['{"a": 1', /column 8: found the end of the text/],
  ['{"a": "x\ny"}', /column 7/],
  ['{"a": 1} x', /column 10: found "x"/],
  ["{'a': 1}", /column 2/],
  ["", /line 1, column 1: found the end/],
  ['{\u00a0"a": 1}', /column 2: found "\u00a0/],
  ['{"\u0080": 1,}', /column 9: found "}"/],
  ["[1]", /expected a JSON object, got "\[1\]"/],
  ["null", /expected a JSON object/],
  [Uint8Array.of(0x7b, 0xff, 0x7d), /is not UTF-8/],
])("%j is refused", (text, message) => {
  expect(() => read(text)).toThrow(message);
  expect(() => read(text)).toThrow(/config\.json: /);
});

test("generation_config.json may be missing, config.json may not", () => {
  expect(readGenerationConfig(folder)).toBeUndefined();
  writeFileSync(join(folder, "generation_config.json"), '{"eos_token_id": [1, 2]}');
  expect(readGenerationConfig(folder)).toEqual({ eos_token_id: [1, 2] });
  expect(() => readConfig(join(folder, "none"))).toThrow(/there is no config.json/);
});
