/** docs/adding-a-model.md and docs/plugins.md tell the truth: their code stands in tested files, their mistakes give their errors. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LLM, registerModel } from "../../src/index.js";
import { CausalLM, hfConfig, ParallelLMHead, RMSNorm, VocabParallelEmbedding } from "../../src/layers/index.js";
import type { ConfigOf } from "../../src/layers/index.js";
import { add, defineOp } from "../../src/ops/index.js";
import type { Step, Tensor } from "../../src/ops/index.js";
import { packageRoot } from "../../src/util/package-root.js";
import { goldenCases, materializeCase } from "../support/golden.js";

const read = (path: string): string => readFileSync(join(packageRoot, path), "utf8");

describe.each(["docs/adding-a-model.md", "docs/plugins.md"])("%s", (page) => {
  const text = read(page);
  const plain = (code: string): string => code.replace(/^\s+/gm, "").trim();
  const blocks = [...text.matchAll(/(?:<!-- (\S+) -->\n\n)?```ts\n([^]*?)```/g)].map(
    ([, file, code]) => [file, code!] as const,
  );

  test("every block of code says which file it is from, and stands there", () => {
    expect(blocks.length).toBeGreaterThan(1);
    for (const [file, code] of blocks) {
      expect(file, code).toBeDefined();
      expect(plain(read(file!)), file).toContain(plain(code));
    }
  });

  test("its links lead somewhere", () => {
    for (const [, path] of text.replace(/`[^`\n]*`/g, "").matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      read(join("docs", path!));
  });
});

const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  vocabSize: f.int(),
  rmsNormEps: f.number(1e-6),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

/** The smallest model: embedding, norm, head. Mistakes are made in its subclasses. */
class SmallForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  static readonly ignored: readonly RegExp[] = [/^model\.layers\./];
  embedTokens = new VocabParallelEmbedding(this.at("model.embed_tokens"), this.config);
  norm = new RMSNorm(this.at("model.norm"), this.config);
  lmHead = new ParallelLMHead(this.at("lm_head"), this.config);

  forward({ inputIds }: Step): Tensor {
    return this.norm.forward(this.embedTokens.forward(inputIds));
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}

const golden = goldenCases().find(({ name }) => name === "llama")!;
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "quire-guide-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let serial = 0;

/** The error of a start with this class, or with these plugins. */
async function start(
  modelClass?: typeof SmallForCausalLM,
  options: { plugins?: string[]; hfOverrides?: object } = {},
): Promise<string> {
  const architecture = modelClass ? `Guide${serial++}ForCausalLM` : "UnknownForCausalLM";
  if (modelClass) registerModel(architecture, modelClass as never);
  const { plugins = [], hfOverrides = {} } = options;
  const model = materializeCase(golden);
  const overrides = { architectures: [architecture], ...hfOverrides };
  const llm = new LLM({
    model,
    hfOverrides: overrides,
    plugins,
    dtype: "float32",
    skipTokenizerInit: true,
    kvCacheMemoryBytes: 2 ** 24,
    // Programs of one shape alone, so that a tensor of another program shows as that.
    maxNumSeqs: 1,
    maxNumBatchedTokens: 1,
  });
  try {
    await llm.generate({ promptTokenIds: [1, 2] }, { maxTokens: 2 });
    return "no error";
  } catch (error) {
    return (error as Error).message;
  } finally {
    await llm.close();
  }
}

function plugin(source: string, name = `plugin-${serial++}.mjs`): { plugins: string[] } {
  const path = join(folder, name);
  writeFileSync(path, source);
  return { plugins: [path] };
}

let kept: Tensor | undefined;

/** By the first column of the table. */
const mistakes: Readonly<Record<string, () => Promise<string>>> = {
  "the name is not that of `architectures`": () => start(),
  "a field that config.json lacks": () => {
    const wrong = hfConfig((f) => ({ hiddenSizes: f.int() }));
    return start(
      class extends SmallForCausalLM {
        static override readonly config = wrong as never;
      },
    );
  },
  "a name claimed twice": () =>
    start(
      class extends SmallForCausalLM {
        second = new RMSNorm(this.at("model.norm"), this.config);
      },
    ),
  "a name that the checkpoint does not have": () =>
    start(
      class extends SmallForCausalLM {
        second = new RMSNorm(this.at("model.nrom"), this.config);
      },
    ),
  "tensors that nothing loads": () =>
    start(
      class extends SmallForCausalLM {
        static override readonly ignored = [];
      },
    ),
  "a wrong size": () =>
    start(
      class extends SmallForCausalLM {
        second = new RMSNorm(this.at("model.layers.0.input_layernorm"), { ...this.config, hiddenSize: 48 });
      },
    ),
  "a field that stands below one that uses it": () =>
    start(
      class extends SmallForCausalLM {
        // @ts-expect-error tsc says so too
        first = this.sizes.hiddenSize;
        sizes = this.config;
      } as never,
    ),
  "shapes that do not go together": () =>
    start(
      class extends SmallForCausalLM {
        override forward(step: Step): Tensor {
          const x = this.embedTokens.forward(step.inputIds);
          return add(x, x.columns(0, 8));
        }
      },
    ),
  "a tensor kept in a field": () =>
    start(
      class extends SmallForCausalLM {
        override forward(step: Step): Tensor {
          kept ??= super.forward(step);
          return add(super.forward(step), kept);
        }
      },
    ),
  "`computeLogits` without the head": () =>
    start(
      class extends SmallForCausalLM {
        override computeLogits(rows: Tensor): Tensor {
          return rows;
        }
      },
    ),
  "`import()` instead of `() => import()`": () =>
    start(undefined, plugin(`export default (quire) => quire.registerModel("X", import("node:fs"));`)),
  "the class has another name": () =>
    start(
      undefined,
      plugin(`export default (quire) => quire.registerModel("UnknownForCausalLM", () => import("node:path"));`),
    ),
  "the plugin has no default export": () => start(undefined, plugin("export const register = 1;")),
  "quirelm is in `dependencies`": async () => {
    const copies = (globalThis as never)[Symbol.for("quirelm.copies")] as Set<string>;
    try {
      return await start(
        undefined,
        plugin(`globalThis[Symbol.for("quirelm.copies")].add("/a/quirelm/dist/"); export default () => {};`),
      );
    } finally {
      copies.delete("/a/quirelm/dist/");
    }
  },
  "an op's name is taken": () => {
    try {
      defineOp("add", { shape: ([x]: [Tensor]) => x.shape, reference: () => undefined });
      return Promise.resolve("no error");
    } catch (error) {
      return Promise.resolve((error as Error).message);
    }
  },
};

describe("common mistakes", () => {
  const [, section] = read("docs/adding-a-model.md").split("## Common mistakes");
  const cell = (text: string): string => text.trim().replace(/\\\|/g, "|");
  const rows = [...section!.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)]
    .map(([, name, error]) => [cell(name!), cell(error!)] as const)
    .slice(2);

  test("the table has each of them", () => {
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(mistakes).sort());
  });

  test.each(rows)("%s", async (name, expected) => {
    const message = await mistakes[name]!();
    const pattern = expected
      .replace(/^`(.*)`$/, "$1")
      .split("…")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^]*");
    expect(message).toMatch(new RegExp(pattern));
  });
});
