/** Every built-in model can be begun from: what it imports is public, and its copy outside compiles. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { supportedArchitectures } from "../../models/registry.js";
import { packageRoot } from "../../util/package-root.js";
import { modelClasses, outsideSource } from "./model-source.js";
import { newModel, startingPoints } from "./new-model.js";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "quire-new-model-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every architecture of the registry is there to begin from", () => {
  expect(startingPoints().flatMap(({ classes }) => classes)).toEqual(expect.arrayContaining(supportedArchitectures()));
});

test("the copies of all models compile against the entry files alone", () => {
  const models = startingPoints();
  for (const { name } of models)
    newModel({ from: name, name: `my-${name.replaceAll(/[^a-z0-9]+/g, "-")}`, folder: join(folder, name) });
  const root = packageRoot;
  const compilerOptions = {
    ...{ target: "es2023", module: "nodenext", strict: true, noUncheckedIndexedAccess: true, noImplicitOverride: true },
    ...{
      verbatimModuleSyntax: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    },
    paths: { quirelm: [join(root, "src/index.ts")], "quirelm/*": [join(root, "src/*/index.ts")] },
  };
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/src"] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 120_000);

test("names change with the class; comments and strings stay", () => {
  const source = `/** Llama. Follows HF LlamaModel. */
import type { Tensor } from "../tensor/tensor.js";
import { add } from "../ops/add.js";
import { LlamaMixer } from "../layers/mixer.js";

/** HF LlamaMLP. */
class LlamaBlock extends Module {
  private a = this.at("llama"); // LlamaBlock
}
export class LlamaForCausalLM extends CausalLM { x = LlamaBlock; y = LlamaMixer; }
`;
  expect(modelClasses(source)).toEqual(["LlamaForCausalLM"]);
  expect(outsideSource(source, "LlamaForCausalLM", "MyModelForCausalLM")).toBe(`/** Llama. Follows HF LlamaModel. */
import { LlamaMixer } from "quirelm/layers";
import { add } from "quirelm/ops";
import type { Tensor } from "quirelm/ops";

/** HF LlamaMLP. */
class MyModelBlock extends Module {
  private a = this.at("llama"); // LlamaBlock
}
export class MyModelForCausalLM extends CausalLM { x = MyModelBlock; y = LlamaMixer; }
`);
});

test("an architecture may be named; its config is that of a tiny checkpoint", () => {
  const files = newModel({ from: "OPTForCausalLM", name: "my-opt", folder: join(folder, "by-class") });
  expect(files.every((file) => existsSync(file))).toBe(true);
  const config = JSON.parse(readFileSync(join(folder, "by-class/test/tiny/config.json"), "utf8")) as object;
  expect(config).toMatchObject({ architectures: ["MyOptForCausalLM"], model_type: "opt" });
});

test("the name in config.json may differ from the package's, and may begin like the original's", () => {
  const options = { from: "llama", name: "llamax", architecture: "LlamaXForCausalLM" };
  newModel({ ...options, folder: join(folder, "named") });
  const read = (path: string): string => readFileSync(join(folder, "named", path), "utf8");
  expect(read("src/llamax.ts")).toMatch(/class LlamaXAttention [^]*export class LlamaXForCausalLM /);
  expect(read("src/plugin.ts")).toContain('registerModel("LlamaXForCausalLM"');
  expect(JSON.parse(read("test/tiny/config.json"))).toMatchObject({ architectures: ["LlamaXForCausalLM"] });
});

test.each([
  [{ from: "lama", name: "x" }, /--from lama: there is no such model; did you mean llama\? Known: .*qwen2/],
  [{ from: "llama", name: "My Model" }, /--name My Model: expected small letters/],
  [{ from: "llama", name: "x", architecture: "llamax" }, /--architecture llamax: expected a name like/],
  [{ from: "llama", name: "x", folder: "src" }, /src: it is not empty/],
])("%j is refused", (options, message) => {
  expect(() => newModel({ folder: join(folder, "refused"), ...options })).toThrow(message);
  expect(existsSync(join(folder, "refused"))).toBe(false);
});
