/** examples/plugin-model as its users get it: packed, installed beside quirelm in an empty application, found, and served. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goldenCases, materializeCase } from "../support/golden.js";
import { PackedApplication } from "../support/packed-application.js";
import { modelLines } from "../support/model-lines.js";

const source = fileURLToPath(new URL("../../examples/plugin-model", import.meta.url));
const goldens = goldenCases(fileURLToPath(new URL("../golden/plugins", import.meta.url)));
const golden = goldens.find(({ name }) => name === "persimmon");
const prompts = golden!.prompts.filter(({ minTop2Margin }) => minTop2Margin > 5e-4);
const flags = [
  "--dtype",
  "float32",
  "--kv-cache-memory-bytes",
  "16MiB",
  "--max-num-batched-tokens",
  "128",
  "--max-num-seqs",
  "8",
];

test("the model is under 100 lines, less imports and config, and imports only public entry points", () => {
  const text = readFileSync(join(source, "src/persimmon.ts"), "utf8");
  expect(modelLines(text)).toBeLessThan(100);
  const imported = [...text.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(imported)).toEqual(new Set(["quirelm/layers", "quirelm/ops"]));
});

// npm test builds dist/ first; a lone vitest run may not have it.
describe.skipIf(!existsSync("dist/index.js"))("installed", () => {
  let application: PackedApplication;
  let model: string;

  beforeAll(() => {
    application = new PackedApplication();
    application.installFromSource(source, "quirelm-persimmon");
    application.dependOn("quirelm", "quirelm-persimmon");
    model = materializeCase(golden!);
  }, 120_000);
  afterAll(() => application?.remove());

  /** Tokens that a program in the application generates, and what it logs. */
  function generate(model: string, prompts: readonly { inputIds: number[] }[]): { tokens: number[][]; log: string } {
    application.write(
      "main.js",
      `import { LLM } from "quirelm";
       const options = { model: ${JSON.stringify(model)}, dtype: "float32", kvCacheMemoryBytes: 2 ** 24 };
       const llm = new LLM(options, { log: (line) => console.error(line) });
       const prompts = ${JSON.stringify(prompts.map(({ inputIds }) => ({ promptTokenIds: inputIds })))};
       const outputs = await llm.generate(prompts, { temperature: 0, maxTokens: 16, ignoreEos: true });
       console.log(JSON.stringify(outputs.map(({ outputs }) => [...outputs[0].tokenIds])));
       await llm.close();`.replace("await using llm", "const llm"),
    );
    const { status, stdout, stderr } = application.run(["main.js"]);
    expect(status, stderr).toBe(0);
    return { tokens: JSON.parse(stdout.trim().split("\n").at(-1)!) as number[][], log: stderr };
  }

  test("a program generates what Transformers generates", () => {
    const { tokens, log } = generate(model, prompts);
    expect(tokens).toEqual(prompts.map(({ greedy }) => greedy));
    expect(log).toMatch(
      /^plugin quirelm-persimmon 0\.1\.0 from file:.*, dependency in .*package\.json: PersimmonForCausalLM$/m,
    );
  }, 60_000);

  test.skipIf(spawnSync("g++", ["--version"]).status !== 0)(
    "examples/plugin-op with its C++ compiled",
    () => {
      const installed = application.installFromSource(join(source, "../plugin-op"), "quirelm-apertus");
      const include = join(application.folder, "node_modules/quirelm/native/include");
      const args = [
        "-O3",
        "-Wall",
        "-Werror",
        "-shared",
        "-fPIC",
        "-I",
        include,
        "native/xielu.cpp",
        "-o",
        "native/xielu.so",
      ];
      const { status, stderr } = spawnSync("g++", args, { cwd: installed, encoding: "utf8" });
      expect(status, stderr).toBe(0);
      application.dependOn("quirelm", "quirelm-persimmon", "quirelm-apertus");
      const apertus = goldens.find(({ name }) => name === "apertus")!;
      const { tokens, log } = generate(materializeCase(apertus), apertus.prompts);
      expect(tokens).toEqual(apertus.prompts.map(({ greedy }) => greedy));
      expect(log).not.toMatch(/no native code/);
    },
    60_000,
  );

  test("its own tests pass", () => {
    const { status, stdout } = application.run(["--test", "test/persimmon.test.js"], {}, "sources/quirelm-persimmon");
    expect(status, stdout).toBe(0);
  }, 60_000);

  test("quire serve serves it", async () => {
    const args = [application.command, "serve", model, "--port", "0", ...flags];
    const server = spawn(process.execPath, args, { cwd: application.folder, stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    server.stderr.on("data", (data: Buffer) => (log += String(data)));
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let output = "";
        server.stdout.on("data", (data: Buffer) => {
          output += String(data);
          const found = /is served at (\S+)/.exec(output);
          if (found) resolve(found[1]!);
        });
        server.once("exit", () => reject(new Error(`the server ended: ${log}`)));
      });
      const [{ inputIds, greedy }] = prompts as [(typeof prompts)[number]];
      const body = { prompt: inputIds, temperature: 0, max_tokens: 16, ignore_eos: true, return_token_ids: true };
      const response = await fetch(`${url}/v1/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const { choices } = (await response.json()) as { choices: { token_ids: number[] }[] };
      expect(choices[0]!.token_ids).toEqual(greedy);
    } finally {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
    }
  }, 60_000);

  test("a package of quire new-model compiles and its test passes", () => {
    const written = application.run([application.command, "new-model", "--from", "llama", "--name", "my-model"]);
    expect(written.status, written.stderr).toBe(0);
    application.installFromSource(join(application.folder, "my-model"), "my-model");
    const { status, stdout } = application.run(["--test", "test/my-model.test.js"], {}, "sources/my-model");
    expect(status, stdout).toBe(0);
    const again = application.run([application.command, "new-model", "--from", "llama", "--name", "my-model"]);
    expect(again.stderr).toMatch(/ConfigError: my-model: it is not empty/);
  }, 60_000);

  test("kept out by QUIRE_PLUGINS, the architecture is not supported", () => {
    const args = [application.command, "generate", model, "--prompt", "x", ...flags];
    const { status, stderr } = application.run(args, { QUIRE_PLUGINS: "another-one" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/plugin quirelm-persimmon is not loaded: QUIRE_PLUGINS allows another-one/);
    expect(stderr).toMatch(
      /UnsupportedError: .*"PersimmonForCausalLM" is not supported; nearest: .*kept out the plugins quirelm-persimmon/,
    );
  }, 60_000);

  test("a plugin with a quirelm of its own stops the start with both paths", () => {
    const inner = join(application.folder, "node_modules/quirelm-persimmon/node_modules/quirelm");
    application.install(fileURLToPath(new URL("../../", import.meta.url)), "quirelm-persimmon/node_modules/quirelm");
    try {
      const { status, stderr } = application.run([application.command, "generate", model, "--prompt", "x", ...flags]);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /ConfigError: .*2 copies of quirelm are in this process: .*node_modules\/quirelm\/dist\/ and .*quirelm-persimmon\/node_modules\/quirelm\/dist\//,
      );
    } finally {
      rmSync(inner, { recursive: true });
    }
  }, 60_000);
});
