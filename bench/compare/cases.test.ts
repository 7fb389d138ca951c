import { expect, test } from "vitest";
import { cases, selectCases } from "./cases.js";

test("names are unique, and cases of one model stand together", () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  const models = cases.map(({ model }) => model);
  expect(models.filter((model, i) => model !== models[i - 1])).toHaveLength(new Set(models).size);
});

test("selects by pattern, in the table's order", () => {
  const names = (patterns: string) => selectCases(patterns).map(({ name }) => name);
  expect(names("1b-decode-1,135m-prefill-*")).toEqual(["135m-prefill-512", "135m-prefill-2048", "1b-decode-1"]);
  expect(names("1b-decode-1")).toEqual(["1b-decode-1"]);
  expect(names("*")).toHaveLength(cases.length);
  expect(() => selectCases("1b-decode-1,2b-*")).toThrow("nothing is called 2b-*");
  expect(() => selectCases("1b.decode.1")).toThrow("nothing");
});
