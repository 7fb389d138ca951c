/** A model from outside: `plugins` brings its architecture into LLM, and a start with a broken plugin says why. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, LLM, UnsupportedError } from "../../src/index.js";
import { goldenCases, materializeCase } from "../support/golden.js";

const plugin = fileURLToPath(new URL("../support/plugin.ts", import.meta.url));
const golden = goldenCases().find(({ name }) => name === "llama")!;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quire-plugin-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The llama case, said to be of the plugin's architecture. */
function start(...plugins: string[]): LLM {
  return new LLM({
    model: materializeCase(golden),
    hfOverrides: { architectures: ["PluginDemoForCausalLM"] },
    dtype: "float32",
    skipTokenizerInit: true,
    kvCacheMemoryBytes: 2 ** 24,
    plugins,
  });
}

async function errorOf(llm: LLM): Promise<Error> {
  const error: unknown = await llm.ready().then(
    () => undefined,
    (e: unknown) => e,
  );
  await llm.close();
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

// First: what a plugin registers stays for the life of the process.
test("without the plugin the architecture is not supported", async () => {
  const error = await errorOf(start());
  expect(error).toBeInstanceOf(UnsupportedError);
  expect(error.message).toMatch(/"PluginDemoForCausalLM" is not supported.*docs\/adding-a-model\.md/);
});

test("a plugin's model gives the golden's tokens, and is loaded once by two engines", async () => {
  for (let i = 0; i < 2; i++) {
    await using llm = start(plugin);
    const outputs = await llm.generate(
      golden.prompts.map(({ inputIds }) => ({ promptTokenIds: inputIds })),
      { temperature: 0, maxTokens: 16, ignoreEos: true },
    );
    expect(outputs.map((output) => [...output.outputs[0]!.tokenIds])).toEqual(golden.prompts.map((p) => p.greedy));
  }
});

test.each([
  ["throws", `export default () => { throw new Error("no dictionary"); };`, /failed: no dictionary/],
  ["rejects", `export default async () => { throw new Error("no network"); };`, /failed: no network/],
  ["throws while it is imported", `throw new Error("too old");`, /could not be loaded: too old/],
  ["has no default export", `export const register = 1;`, /default export must be a function.*got undefined/],
  ["exports a class", `export default class Model {}`, /default export must be a function.*got a class/],
  [
    "registers a promise",
    `export default (quire) => quire.registerModel("LateForCausalLM", import("node:fs"));`,
    /registerModel\("LateForCausalLM", …\).*put \(\) => before import/,
  ],
])("a plugin that %s stops the start", async (what, source, message) => {
  const path = join(folder, `${what.replaceAll(" ", "-")}.mjs`);
  writeFileSync(path, source);
  const error = await errorOf(start(path));
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toContain(`plugin "${path}"`);
  expect(error.message).toMatch(message);
});

test("a plugin that is not there stops the start", async () => {
  const error = await errorOf(start("no-such-plugin-package"));
  expect(error.message).toMatch(/plugin "no-such-plugin-package": no such package/);
});
