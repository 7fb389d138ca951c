/** The files around a model in a package of its own. */

export interface PackageFacts {
  /** Name of the package, and of its files: `my-model`. */
  readonly name: string;
  /** `MyModelForCausalLM`. */
  readonly architecture: string;
  /** Version of Quire that it is begun with. */
  readonly version: string;
  /** Of a tiny model, for the test. */
  readonly tinyConfig: Readonly<Record<string, unknown>>;
  /** The file of Quire that it is a copy of: `llama.ts`. */
  readonly from: string;
}

/** Contents by path; the model itself is not among them. */
export function packageFiles(facts: PackageFacts): Record<string, string> {
  return {
    "package.json": json(packageJson(facts)),
    "tsconfig.json": json(tsconfig),
    "README.md": readme(facts),
    ".gitignore": "node_modules/\ndist/\n",
    "src/plugin.ts": plugin(facts),
    [`test/${facts.name}.test.js`]: test(facts),
    "test/tiny/config.json": json({ ...facts.tinyConfig, architectures: [facts.architecture] }),
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function packageJson({ name, version }: PackageFacts): object {
  return {
    name,
    version: "0.1.0",
    type: "module",
    files: ["dist"],
    quirelm: { plugin: "./dist/plugin.js" },
    exports: { ".": { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` } },
    scripts: { build: "tsc", prepack: "tsc", test: `tsc && node --test test/${name}.test.js` },
    peerDependencies: { quirelm: `^${version}` },
    devDependencies: { "@types/node": "^20.19.0", quirelm: `^${version}`, typescript: ">=5.8" },
  };
}

const tsconfig = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    strict: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    verbatimModuleSyntax: true,
    declaration: true,
    skipLibCheck: true,
    types: ["node"],
    rootDir: "src",
    outDir: "dist",
  },
  include: ["src"],
};

function plugin({ name, architecture }: PackageFacts): string {
  return `/** The plugin: Quire finds it by the field "quirelm" of package.json, and calls it once in every process. */
import type { PluginApi } from "quirelm";

export default function (quire: PluginApi): void {
  // The name under \`architectures\` in config.json.
  quire.registerModel("${architecture}", () => import("./${name}.js"));
}
`;
}

function test({ name, architecture }: PackageFacts): string {
  return `/** ${architecture} with random weights: requests give the same tokens alone and together. \`quire check\` proves more. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { LLM } from "quirelm";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const options = { plugins: [path("../dist/plugin.js")], loadFormat: "dummy", dtype: "float32", skipTokenizerInit: true };

test("${name}", async () => {
  const llm = new LLM({ ...options, model: path("tiny"), kvCacheMemoryBytes: "16MiB", maxNumBatchedTokens: 128, maxNumSeqs: 8 });
  try {
    const params = { temperature: 0, maxTokens: 8, ignoreEos: true };
    const prompts = [[5], [7, 8, 9, 10], [1, 2, 3]].map((promptTokenIds) => ({ promptTokenIds }));
    const together = await llm.generate(prompts, params);
    for (const [i, prompt] of prompts.entries()) {
      const alone = await llm.generate(prompt, params);
      assert.deepEqual([...alone.outputs[0].tokenIds], [...together[i].outputs[0].tokenIds]);
    }
  } finally {
    await llm.close();
  }
});
`;
}

function readme({ name, architecture, from }: PackageFacts): string {
  return `# ${name}

${architecture} for [Quire](https://www.npmjs.com/package/quirelm), begun as a copy of its \`${from}\`.

1. \`npm install\`, then \`npm test\`: it compiles and runs as it is.
2. Make \`src/${name}.ts\` follow \`modeling_*.py\` of Transformers, module by module; Quire's guide is docs/adding-a-model.md.
3. Register it in \`src/plugin.ts\` under the name that config.json has in \`architectures\`.
4. \`npx quire inspect CHECKPOINT\` tells which tensors do not fit, \`npx quire generate CHECKPOINT --prompt "Hello"\` lets it speak. The
   plugin of the package you are in is loaded by itself.
5. \`npm publish\`. Whoever installs it beside quirelm has the model: plugins of direct dependencies are found by \`"quirelm"\` in package.json.
`;
}
