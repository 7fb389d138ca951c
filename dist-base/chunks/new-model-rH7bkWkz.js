import { t as closest } from "./closest-BxAlryWr.js";
import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { n as packageVersion, t as packageRoot } from "./package-root-DW2ZyEQq.js";
import { dirname, join } from "node:path";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
// src/tools/new-model/model-source.ts
/** A built-in model's file as one that stands outside of Quire: public imports, and names of its own. */
/** Which entry file publishes what a model imports from a room. */
const entryOfRoom = {
	config: "quirelm/layers",
	layers: "quirelm/layers",
	ops: "quirelm/ops",
	tensor: "quirelm/ops",
	util: "quirelm"
};
const importPattern = /^import (type )?\{([^}]*)\} from "([^"]+)";\n/gm;
const maxWidth = 120;
/** The names of model classes that a file exports, in its order. */
function modelClasses(source) {
	return [...source.matchAll(/^export class (\w+(?:ForCausalLM|LMHeadModel))\b/gm)].map(([, name]) => name);
}
/**
* @param source       a file of src/models
* @param architecture one of its classes; everything whose name begins like it (LlamaAttention) is renamed with it
* @param own          the new name: MyModelForCausalLM makes MyModelAttention too
* @throws ConfigError when the file imports something that is not public
*/
function outsideSource(source, architecture, own) {
	const imports = publicImports(source);
	const body = source.replace(importPattern, "");
	const firstEnd = body.indexOf("*/") + 2;
	return `${body.slice(0, firstEnd)}\n${imports}\n${renamed(body.slice(firstEnd).trimStart(), architecture, own, importedNames(source))}`;
}
/** The imports, gathered by entry file, types apart. */
function publicImports(source) {
	const gathered = /* @__PURE__ */ new Map();
	for (const [, type, names, path] of source.matchAll(importPattern)) {
		const entry = path.startsWith("../") ? entryOfRoom[path.split("/")[1]] : void 0;
		if (entry === void 0) throw new ConfigError(`new-model: ${path} is imported, and no entry file publishes it`);
		for (const name of names.split(",").map((text) => text.trim())) {
			if (name === "") continue;
			const key = `${entry} ${type !== void 0 || name.startsWith("type ") ? "type" : ""}`;
			const set = gathered.get(key) ?? /* @__PURE__ */ new Set();
			gathered.set(key, set.add(name.replace(/^type /, "")));
		}
	}
	return [...gathered].sort(([a], [b]) => a < b ? -1 : 1).map(([key, names]) => {
		const [entry, type] = key.split(" ");
		return importLine(entry, type !== "", [...names]);
	}).join("\n") + "\n";
}
function importLine(entry, isType, names) {
	const sorted = names.sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1);
	const word = isType ? "import type" : "import";
	const line = `${word} { ${sorted.join(", ")} } from "${entry}";`;
	return line.length <= maxWidth ? line : `${word} {\n${sorted.map((name) => `  ${name},\n`).join("")}} from "${entry}";`;
}
function importedNames(source) {
	const lists = [...source.matchAll(importPattern)].map(([, , names]) => names.split(","));
	return new Set(lists.flat().map((name) => name.trim().replace(/^type /, "")));
}
/** Comments stay: they name classes of Transformers. So does what is imported. */
function renamed(code, architecture, made, imported) {
	const [old, stem] = [architecture, made].map((name) => name.replace(/(ForCausalLM|LMHeadModel)$/, ""));
	const pieces = code.split(/(\/\*[^]*?\*\/|\/\/.*)/);
	const names = new RegExp(`\\b${old}(?=[A-Z])\\w*`, "g");
	const own = (name) => name === architecture ? made : imported.has(name) ? name : stem + name.slice(old.length);
	return pieces.map((piece, i) => i % 2 === 1 ? piece : piece.replace(names, own)).join("");
}
// src/tools/new-model/package-files.ts
/** Contents by path; the model itself is not among them. */
function packageFiles(facts) {
	return {
		"package.json": json(packageJson(facts)),
		"tsconfig.json": json(tsconfig),
		"README.md": readme(facts),
		".gitignore": "node_modules/\ndist/\n",
		"src/plugin.ts": plugin(facts),
		[`test/${facts.name}.test.js`]: test(facts),
		"test/tiny/config.json": json({
			...facts.tinyConfig,
			architectures: [facts.architecture]
		})
	};
}
function json(value) {
	return `${JSON.stringify(value, null, 2)}\n`;
}
function packageJson({ name, version }) {
	return {
		name,
		version: "0.1.0",
		type: "module",
		files: ["dist"],
		quirelm: { plugin: "./dist/plugin.js" },
		exports: { ".": {
			types: `./dist/${name}.d.ts`,
			default: `./dist/${name}.js`
		} },
		scripts: {
			build: "tsc",
			prepack: "tsc",
			test: `tsc && node --test test/${name}.test.js`
		},
		peerDependencies: { quirelm: `^${version}` },
		devDependencies: {
			"@types/node": "^20.19.0",
			quirelm: `^${version}`,
			typescript: ">=5.8"
		}
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
		outDir: "dist"
	},
	include: ["src"]
};
function plugin({ name, architecture }) {
	return `/** The plugin: Quire finds it by the field "quirelm" of package.json, and calls it once in every process. */
import type { PluginApi } from "quirelm";

export default function (quire: PluginApi): void {
  // The name under \`architectures\` in config.json.
  quire.registerModel("${architecture}", () => import("./${name}.js"));
}
`;
}
function test({ name, architecture }) {
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
function readme({ name, architecture, from }) {
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
// src/tools/new-model/new-model.ts
/** `quire new-model`: a package that begins as a copy of a built-in model, and compiles and runs as it is. */
/** The built-in models that one can begin from: name of the file and its classes. */
function startingPoints() {
	const folder = join(packageRoot, "src/models");
	return (existsSync(folder) ? readdirSync(folder) : []).filter((file) => file.endsWith(".ts") && !/\.(test|cases)\.ts$/.test(file)).map((file) => ({
		name: file.slice(0, -3),
		source: readFileSync(join(folder, file), "utf8")
	})).map((model) => ({
		...model,
		classes: modelClasses(model.source)
	})).filter(({ classes }) => classes.length > 0);
}
/**
* Writes the package and returns the paths of its files.
* @throws ConfigError for an unknown model, a name or architecture that is none, or a folder that is not empty
*/
function newModel({ from, name, folder, architecture: own }) {
	if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new ConfigError(`--name ${name}: expected small letters, digits and single dashes, like my-model`);
	const models = startingPoints();
	const model = models.find((one) => one.name === from || one.classes.includes(from));
	if (model === void 0) {
		const known = models.flatMap((one) => [one.name, ...one.classes]);
		const near = closest(from, known)[0];
		throw new ConfigError(`--from ${from}: there is no such model${near === void 0 ? "" : `; did you mean ${near}?`} Known: ${models.map((one) => one.name).join(", ")}`);
	}
	if (existsSync(folder) && readdirSync(folder).length > 0) throw new ConfigError(`${folder}: it is not empty, and nothing is overwritten; give another --name or --output`);
	const ending = /(ForCausalLM|LMHeadModel)$/;
	if (own !== void 0 && !(/^[A-Z]\w*$/.test(own) && ending.test(own))) throw new ConfigError(`--architecture ${own}: expected a name like MyModelForCausalLM, as in config.json`);
	const stem = own?.replace(ending, "") ?? name.replace(/(^|-)([a-z0-9])/g, (_, __, letter) => letter.toUpperCase());
	const architecture = model.classes.includes(from) ? from : model.classes[0];
	const made = own ?? `${stem}ForCausalLM`;
	const files = {
		[`src/${name}.ts`]: outsideSource(model.source, architecture, made),
		...packageFiles({
			name,
			architecture: made,
			version: packageVersion(),
			tinyConfig: tinyConfig(architecture),
			from: `${model.name}.ts`
		})
	};
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	return Object.keys(files).map((path) => join(folder, path));
}
/** Of the tests' tiny checkpoint of that architecture, where there is one. */
function tinyConfig(architecture) {
	const folder = join(packageRoot, "test/golden/arch");
	for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
		const config = JSON.parse(readFileSync(join(folder, name, "config.json"), "utf8"));
		if (config.architectures?.includes(architecture)) return config;
	}
	return {
		hidden_size: 64,
		intermediate_size: 96,
		num_hidden_layers: 2,
		num_attention_heads: 4,
		num_key_value_heads: 2,
		vocab_size: 192,
		max_position_embeddings: 128
	};
}
export { newModel };
