/** A model by its hub id: LLM finds it in the Hugging Face cache without asking anybody. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LLM } from "../../src/index.js";

let cache: string;

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "quire-hub-"));
  const root = join(cache, "models--org--stories");
  const commit = "0123456789abcdef0123456789abcdef01234567";
  mkdirSync(join(root, "refs"), { recursive: true });
  writeFileSync(join(root, "refs", "main"), commit);
  cpSync("models/stories260K", join(root, "snapshots", commit), { recursive: true });
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

test("org/name is found in the cache, and keeps its name", async () => {
  await using llm = new LLM({ model: "org/stories", downloadDir: cache, kvCacheMemoryBytes: 2 ** 24 });
  const { outputs } = await llm.generate("Once upon a time", { temperature: 0, maxTokens: 12 });
  expect(outputs[0]!.text).toBe(", there was a little girl named Lily. She");
  expect(llm.config.servedModelName).toEqual(["org/stories"]);
});

test("a name that is neither path nor id says so", async () => {
  const llm = new LLM({ model: "./no/such/folder" });
  await expect(llm.ready()).rejects.toThrow(/no\/such\/folder/);
  await llm.close();
});
