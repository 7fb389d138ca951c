/** A dump that scripts/dump_reference.py made of a Hugging Face model, and what is said about dumps that are none. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../src/cli/program.js";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { compareWithReference } from "../../src/tools/check/reference/compare.js";
import { formatComparison } from "../../src/tools/check/reference/format-findings.js";
import { materialize, writeSafetensors } from "../support/materialize.js";

const source = fileURLToPath(new URL("../golden/check/tiny-qwen3", import.meta.url));
const dump = join(source, "reference.dump");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quire-check-"));
  materialize(source, join(folder, "model"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compare = (model: string, path: string) =>
  compareWithReference(parseEngineConfig({ model, platform: "reference", kvCacheMemoryBytes: 2 ** 22 }), path);

test("Qwen3 agrees with Hugging Face, module by module", async () => {
  const comparison = await compare(join(folder, "model"), dump);
  expect(comparison.findings, formatComparison(comparison)).toEqual([]);
  expect(formatComparison(comparison)).toMatch(
    /^All 26 modules agree with the reference over 7 tokens, and so do the logits/,
  );
});

test("a config that differs from the reference's is found in the numbers", async () => {
  const config = parseEngineConfig({
    model: join(folder, "model"),
    ...{ platform: "reference", kvCacheMemoryBytes: 2 ** 22 },
    hfOverrides: { rope_theta: 50000, rope_parameters: { rope_theta: 50000 } },
  });
  const comparison = await compareWithReference(config, dump);
  expect(comparison.findings[0]).toMatchObject({ kind: "glue", module: "model.layers.0.self_attn.o_proj" });
  const text = formatComparison(comparison);
  expect(text).toMatch(/base 10000 instead of 50000/);
  expect(text).toMatch(/o_proj \(Linear\), though all before it agrees {2}\[layers 0, 1\]/);
  expect(text).toMatch(/at every token but the first/);
});

test("a dump of other weights is refused", async () => {
  const other = join(folder, "other");
  mkdirSync(join(other, "recipe"), { recursive: true });
  copyFileSync(join(source, "config.json"), join(other, "recipe", "config.json"));
  const weights = JSON.parse(readFileSync(join(source, "weights.json"), "utf8")) as object;
  writeFileSync(join(other, "recipe", "weights.json"), JSON.stringify({ ...weights, seed: 6 }));
  materialize(join(other, "recipe"), join(other, "model"));
  await expect(compare(join(other, "model"), dump)).rejects.toThrow(
    /the reference ran with other weights than this checkpoint: ".*" does not begin like ".*" \(\d+ tensors differ\)/,
  );
});

test("a file that is no dump is told so", async () => {
  const plain = join(folder, "plain.safetensors");
  writeSafetensors(plain, { x: { dtype: "F32", shape: [1], data: new Uint8Array(4) } });
  const model = join(folder, "model");
  await expect(compare(model, plain)).rejects.toThrow(
    /no description of a reference run; make the dump with the script/,
  );
  writeFileSync(plain, "not a dump at all, by far");
  await expect(compare(model, plain)).rejects.toThrow(/not a safetensors file/);
  await expect(compare(model, join(folder, "nowhere"))).rejects.toThrow(/nowhere: cannot be opened/);
});

/** What a command prints, and its exit code. */
async function quire(...args: string[]): Promise<{ code: number; text: string }> {
  const { write } = process.stdout;
  let text = "";
  process.stdout.write = ((chunk: string) => ((text += chunk), true)) as typeof process.stdout.write;
  try {
    return { code: await run(args, "0.0.0"), text };
  } finally {
    process.stdout.write = write;
  }
}

test("the command prints the script, the comparison, and JSON", async () => {
  const script = await quire("check", "--print-dump-script");
  expect(script).toEqual({
    code: 0,
    text: readFileSync(new URL("../../scripts/dump_reference.py", import.meta.url), "utf8"),
  });
  const flags = ["--platform", "reference", "--reference", dump];
  const good = await quire("check", join(folder, "model"), ...flags);
  expect(good.code, good.text).toBe(0);
  expect(good.text).toMatch(/Qwen3ForCausalLM[^]*layers\.0 … 1 \(2 alike\)[^]*All 26 modules agree/);
  const wrong = JSON.stringify({ rms_norm_eps: 1e-4 });
  const bad = await quire("check", join(folder, "model"), ...flags, "--json", "--hf-overrides", wrong);
  expect(bad.code).toBe(1);
  const report = JSON.parse(bad.text) as {
    passed: boolean;
    comparison: { findings: { module: string; cause: { text: string } }[] };
  };
  expect(report.passed).toBe(false);
  expect(report.comparison.findings[0]?.module).toBe("model.layers.0.input_layernorm");
  expect(report.comparison.findings[0]?.cause.text).toMatch(/epsilon 0.000001 instead of 0.0001/);
});
