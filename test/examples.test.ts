/** The examples run, as a user would run them: through the built package. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";

const run = (name: string): string => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", "tsx", `examples/${name}.ts`], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout;
};

// npm test builds dist/ first; a lone vitest run may not have it.
test.skipIf(!existsSync("dist/index.js")).each([
  ["generate", /Once upon a time, there was a little girl named Lily\. She loved to play outside/],
  ["chat", /^I am the little demo model of Quire\.\n.+\n$/s],
  ["logprobs", /^-[0-2]\.\d+ per token: Once upon a time.*\n-[3-9]\.\d+ per token/],
])("examples/%s.ts", (name, expected) => expect(run(name)).toMatch(expected), 60_000);
