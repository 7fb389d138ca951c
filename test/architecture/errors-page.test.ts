/** docs/errors.md lists exactly the error classes that there are, with their codes. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as errors from "../../src/util/errors.js";

test("docs/errors.md and util/errors.ts agree", () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  const documented = new Map([...page.matchAll(/^\| `(\w+)`\s*\| `(\w+)`/gm)].map(([, name, code]) => [name, code]));
  const classes = Object.entries(errors).filter(([name]) => name !== "QuireError");
  expect([...documented.keys()].sort()).toEqual(classes.map(([name]) => name).sort());
  for (const [name, ErrorClass] of classes) {
    const error = new (ErrorClass as new (message: string) => errors.QuireError)("text");
    expect(error.code).toBe(documented.get(name));
    expect(error.name).toBe(name);
    expect(error).toBeInstanceOf(errors.QuireError);
  }
});
