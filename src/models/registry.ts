/** The table of architectures: config.json's `architectures[0]` and the file that implements it, loaded when it is needed. */
import { CausalLM } from "../layers/causal-lm.js";
import type { CausalLMClass } from "../layers/causal-lm.js";
import { editDistance } from "../util/closest.js";
import { checkOneCopy } from "../util/copies.js";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import { registrants, theProgram } from "./registrants.js";

/** A class, a module that exports one under the architecture's name (or as default), or a function that imports it. */
export type ModelSource = CausalLMClass | (() => Promise<object>);

const models = new Map<string, ModelSource>(
  Object.entries({
    BloomForCausalLM: () => import("./bloom.js"),
    CohereForCausalLM: () => import("./cohere.js"),
    Cohere2ForCausalLM: () => import("./cohere2.js"),
    DeepseekV2ForCausalLM: () => import("./deepseek-v2.js"),
    DeepseekV3ForCausalLM: () => import("./deepseek-v3.js"),
    Ernie4_5ForCausalLM: () => import("./ernie4-5.js"),
    Exaone4ForCausalLM: () => import("./exaone4.js"),
    FalconForCausalLM: () => import("./falcon.js"),
    FalconMambaForCausalLM: () => import("./falcon-mamba.js"),
    GemmaForCausalLM: () => import("./gemma.js"),
    Gemma2ForCausalLM: () => import("./gemma2.js"),
    Gemma3ForCausalLM: () => import("./gemma3.js"),
    GlmForCausalLM: () => import("./glm.js"),
    Glm4ForCausalLM: () => import("./glm4.js"),
    GPT2LMHeadModel: () => import("./gpt2.js"),
    GPTBigCodeForCausalLM: () => import("./gpt-bigcode.js"),
    GPTJForCausalLM: () => import("./gptj.js"),
    GptOssForCausalLM: () => import("./gpt-oss.js"),
    GPTNeoXForCausalLM: () => import("./gpt-neox.js"),
    GraniteForCausalLM: () => import("./granite.js"),
    LlamaForCausalLM: () => import("./llama.js"),
    LLaMAForCausalLM: () => import("./llama.js"),
    MambaForCausalLM: () => import("./mamba.js"),
    Mamba2ForCausalLM: () => import("./mamba2.js"),
    MinistralForCausalLM: () => import("./ministral.js"),
    MistralForCausalLM: () => import("./llama.js"),
    MixtralForCausalLM: () => import("./mixtral.js"),
    OlmoForCausalLM: () => import("./olmo.js"),
    Olmo2ForCausalLM: () => import("./olmo2.js"),
    Olmo3ForCausalLM: () => import("./olmo2.js"),
    OlmoeForCausalLM: () => import("./olmoe.js"),
    OPTForCausalLM: () => import("./opt.js"),
    PhiForCausalLM: () => import("./phi.js"),
    Phi3ForCausalLM: () => import("./phi3.js"),
    Qwen2ForCausalLM: () => import("./qwen2.js"),
    Qwen2MoeForCausalLM: () => import("./qwen2-moe.js"),
    Qwen3ForCausalLM: () => import("./qwen3.js"),
    Qwen3MoeForCausalLM: () => import("./qwen3-moe.js"),
    SeedOssForCausalLM: () => import("./seed-oss.js"),
    SmolLM3ForCausalLM: () => import("./smollm3.js"),
    StableLmForCausalLM: () => import("./stablelm.js"),
    Starcoder2ForCausalLM: () => import("./starcoder2.js"),
  }),
);

/** What the program registered in its own process, when this is an engine's. */
const elsewhere = new Set<string>();

/** Names of all architectures, sorted. */
export function supportedArchitectures(): string[] {
  return [...models.keys()].sort();
}

/**
 * Adds an architecture to this process, or replaces one; returns whose it replaced: "Quire", a plugin's name, "the program".
 *
 * @param architecture as in config.json: "MyModelForCausalLM"
 * @param source the class, or `() => import("./my-model.js")`, whose module exports it under that name or as default
 * @param by     name of the plugin that brings it
 * @throws ConfigError when source is neither
 */
export function registerModel(architecture: string, source: ModelSource, by = theProgram): string | undefined {
  if (typeof architecture !== "string" || architecture === "")
    throw new ConfigError(
      `registerModel: the first argument is the architecture's name in config.json, like "MyModelForCausalLM", got ${describe(architecture)}`,
    );
  if (typeof source !== "function")
    throw new ConfigError(
      `registerModel("${architecture}", …): the source must be a class, or a function that imports one: () => import(…); got ${describe(source)}`,
    );
  const replaced = models.has(architecture) ? (registrants.get(architecture) ?? "Quire") : undefined;
  models.set(architecture, source);
  registrants.set(architecture, by);
  return replaced;
}

/**
 * For engines in another process: what the program itself registered is not there, as a class or function cannot be sent.
 * @param architecture the one that is needed
 * @throws ConfigError that says to name a module, when the program itself registered it
 */
export function checkCrossesProcesses(architecture: string): void {
  if (registrants.get(architecture) !== theProgram) return;
  throw new ConfigError(
    `registerModel("${architecture}", …): the engine is another process, and a class or function cannot be sent there; ` +
      "name a module instead: one whose default export is (quire) => { quire.registerModel(…) }, in `plugins` or with --plugin",
  );
}

/** The names of config.json, and where they are from, for people. */
export interface NamedArchitectures {
  readonly names: readonly string[];
  /** Set where config.json has no `architectures`: the model_type that the name was made of. */
  readonly modelType?: string;
}

/** `gpt_neox` and `GPTNeoXForCausalLM` are both gptneox. */
function stem(name: string): string {
  return name
    .replace(/(ForCausalLM|LMHeadModel)$/, "")
    .replace(/_text$/, "")
    .replaceAll(/[_-]/g, "")
    .toLowerCase();
}

/**
 * The architectures that config.json names; where it names none, the one whose name model_type is made of.
 * @param modelTypes model_type of the config and of what it nests, most specific first
 * @throws ConfigError when there is neither
 */
export function namedArchitectures(architectures: unknown, modelTypes: readonly unknown[]): NamedArchitectures {
  const isNone = architectures === undefined || architectures === null;
  if (!isNone && !(Array.isArray(architectures) && architectures.length === 0))
    return { names: architectureNames(architectures) };
  for (const modelType of modelTypes)
    for (const name of models.keys())
      if (typeof modelType === "string" && stem(modelType) === stem(name)) return { names: [name], modelType };
  const known = [...new Set(modelTypes)].filter((type) => type !== undefined);
  throw new ConfigError(
    `config.json: architectures must be a list of names such as ["LlamaForCausalLM"], got ${JSON.stringify(architectures)}` +
      (known.length > 0
        ? `, and model_type ${known.map((type) => JSON.stringify(type)).join(", ")} is none of them. `
        : ". ") +
      `Supported: ${supportedArchitectures().join(", ")}`,
  );
}

function architectureNames(architectures: unknown): string[] {
  if (!Array.isArray(architectures) || architectures.length === 0 || !architectures.every((x) => typeof x === "string"))
    throw new ConfigError(
      `config.json: architectures must be a list of names such as ["LlamaForCausalLM"], got ${JSON.stringify(architectures)}`,
    );
  return architectures as string[];
}

/**
 * In an engine's process: what the program registered in its own is known here by name, and refused when it is needed, unless a
 * plugin registers it here too.
 */
export function registerElsewhere(architectures: readonly string[]): void {
  for (const architecture of architectures) {
    registerModel(architecture, () => Promise.resolve({}));
    elsewhere.add(architecture);
  }
}

/**
 * The class of the first architecture that is known.
 * @param note a sentence for the error about an unknown one
 * @throws ConfigError when config.json names none, or its module or class is not as it must be;
 *   UnsupportedError listing what is supported and the nearest name
 */
export async function loadModelClass(
  architectures: unknown,
  note = "",
): Promise<{ architecture: string; modelClass: CausalLMClass }> {
  const names = architectureNames(architectures);
  const architecture = names.find((name) => models.has(name));
  if (architecture === undefined) throw unsupported(names[0]!, note);
  if (elsewhere.has(architecture)) checkCrossesProcesses(architecture);
  const source = models.get(architecture)!;
  const modelClass = isClass(source) ? source : await importClass(architecture, source as () => Promise<object>);
  checkModelClass(architecture, modelClass as CausalLMClass);
  return { architecture, modelClass: modelClass as CausalLMClass };
}

async function importClass(architecture: string, load: () => Promise<object>): Promise<unknown> {
  let loaded: Record<string, unknown>;
  try {
    loaded = (await load()) as Record<string, unknown>;
  } catch (cause) {
    const message = messageOf(cause);
    throw new ConfigError(`architecture ${architecture}: its module could not be loaded: ${message}`, { cause });
  }
  const modelClass = loaded?.[architecture] ?? loaded?.default;
  if (isClass(modelClass)) return modelClass;
  const names = Object.keys(loaded ?? {});
  throw new ConfigError(
    `architecture ${architecture}: its module exports no class "${architecture}" (nor a default class); ` +
      `it exports ${names.length > 0 ? names.join(", ") : "nothing"}`,
  );
}

/** @throws ConfigError unless the class is a CausalLM, of this copy of Quire, with a config */
function checkModelClass(architecture: string, modelClass: CausalLMClass): void {
  checkOneCopy(`architecture ${architecture}`);
  if (!((modelClass as { prototype: unknown }).prototype instanceof CausalLM))
    throw new ConfigError(
      `architecture ${architecture}: class ${modelClass.name} must extend CausalLM from "quirelm/layers"; ` +
        "if it does, its package imports another copy of quirelm: let both resolve to one",
    );
  if (typeof (modelClass.config as { parse?: unknown } | undefined)?.parse !== "function")
    throw new ConfigError(
      `architecture ${architecture}: class ${modelClass.name} has no config; ` +
        "add `static readonly config = hfConfig((f) => ({ … }))`",
    );
}

function describe(value: unknown): string {
  if (value instanceof Promise) return "a promise: put () => before import";
  return value === null ? "null" : typeof value;
}

/** True for what `class` made; a plain function is not. */
export function isClass(value: unknown): boolean {
  return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
}

function unsupported(architecture: string, note: string): UnsupportedError {
  const stem = (name: string): string => name.replace(/(ForCausalLM|LMHeadModel)$/, "");
  const distance = (name: string): number => editDistance(stem(architecture), stem(name));
  const near = [...models.keys()].sort((a, b) => distance(a) - distance(b)).slice(0, 3);
  return new UnsupportedError(
    `config.json: architecture "${architecture}" is not supported; nearest: ${near.join(", ")}. ` +
      `Supported: ${supportedArchitectures().join(", ")}.${note === "" ? "" : ` ${note}.`} ` +
      "Another one is a short TypeScript file in a plugin (--plugin): `quire new-model` begins one, docs/adding-a-model.md tells how",
  );
}
