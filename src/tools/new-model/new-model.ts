/** `quire new-model`: a package that begins as a copy of a built-in model, and compiles and runs as it is. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { closest } from "../../util/closest.js";
import { ConfigError } from "../../util/errors.js";
import { packageRoot, packageVersion } from "../../util/package-root.js";
import { modelClasses, outsideSource } from "./model-source.js";
import { packageFiles } from "./package-files.js";

export interface NewModelOptions {
  /** A file of src/models without its ending (`llama`), or an architecture (`LlamaForCausalLM`). */
  readonly from: string;
  /** Of the package: `my-model`. */
  readonly name: string;
  /** Where the package goes; must be empty or not be there. */
  readonly folder: string;
  /** As in config.json: `CodeGenForCausalLM`; made of the name if it is left out. */
  readonly architecture?: string | undefined;
}

/** The built-in models that one can begin from: name of the file and its classes. */
export function startingPoints(): {
  readonly name: string;
  readonly source: string;
  readonly classes: readonly string[];
}[] {
  const folder = join(packageRoot, "src/models");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((file) => file.endsWith(".ts") && !/\.(test|cases)\.ts$/.test(file))
    .map((file) => ({ name: file.slice(0, -3), source: readFileSync(join(folder, file), "utf8") }))
    .map((model) => ({ ...model, classes: modelClasses(model.source) }))
    .filter(({ classes }) => classes.length > 0);
}

/**
 * Writes the package and returns the paths of its files.
 * @throws ConfigError for an unknown model, a name or architecture that is none, or a folder that is not empty
 */
export function newModel({ from, name, folder, architecture: own }: NewModelOptions): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new ConfigError(`--name ${name}: expected small letters, digits and single dashes, like my-model`);
  const models = startingPoints();
  const model = models.find((one) => one.name === from || one.classes.includes(from));
  if (model === undefined) {
    const known = models.flatMap((one) => [one.name, ...one.classes]);
    const near = closest(from, known)[0];
    throw new ConfigError(
      `--from ${from}: there is no such model${near === undefined ? "" : `; did you mean ${near}?`} Known: ${models.map((one) => one.name).join(", ")}`,
    );
  }
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new ConfigError(`${folder}: it is not empty, and nothing is overwritten; give another --name or --output`);
  const ending = /(ForCausalLM|LMHeadModel)$/;
  if (own !== undefined && !(/^[A-Z]\w*$/.test(own) && ending.test(own)))
    throw new ConfigError(`--architecture ${own}: expected a name like MyModelForCausalLM, as in config.json`);
  const stem =
    own?.replace(ending, "") ?? name.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
  const architecture = model.classes.includes(from) ? from : model.classes[0]!;
  const made = own ?? `${stem}ForCausalLM`;
  const files = {
    [`src/${name}.ts`]: outsideSource(model.source, architecture, made),
    ...packageFiles({
      name,
      architecture: made,
      version: packageVersion(),
      tinyConfig: tinyConfig(architecture),
      from: `${model.name}.ts`,
    }),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return Object.keys(files).map((path) => join(folder, path));
}

/** Of the tests' tiny checkpoint of that architecture, where there is one. */
function tinyConfig(architecture: string): Record<string, unknown> {
  const folder = join(packageRoot, "test/golden/arch");
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const config = JSON.parse(readFileSync(join(folder, name, "config.json"), "utf8")) as Record<string, unknown>;
    if ((config.architectures as string[] | undefined)?.includes(architecture)) return config;
  }
  return {
    ...{ hidden_size: 64, intermediate_size: 96, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2 },
    ...{ vocab_size: 192, max_position_embeddings: 128 },
  };
}
