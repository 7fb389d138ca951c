/** The table of architectures: config.json's `architectures[0]` and the file that implements it, loaded when it is needed. */
import { CausalLM } from "../layers/causal-lm.js";
import type { CausalLMClass } from "../layers/causal-lm.js";
import { editDistance } from "../util/closest.js";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { messageOf } from "../util/text.js";

/** A class, a module that exports one under the architecture's name (or as default), or a function that imports it. */
export type ModelSource = CausalLMClass | (() => Promise<object>);

const models = new Map<string, ModelSource>(
  Object.entries({
    CohereForCausalLM: () => import("./cohere.js"),
    Cohere2ForCausalLM: () => import("./cohere2.js"),
    Exaone4ForCausalLM: () => import("./exaone4.js"),
    GemmaForCausalLM: () => import("./gemma.js"),
    Gemma2ForCausalLM: () => import("./gemma2.js"),
    Gemma3ForCausalLM: () => import("./gemma3.js"),
    Glm4ForCausalLM: () => import("./glm4.js"),
    GraniteForCausalLM: () => import("./granite.js"),
    LlamaForCausalLM: () => import("./llama.js"),
    MistralForCausalLM: () => import("./llama.js"),
    OlmoForCausalLM: () => import("./olmo.js"),
    Olmo2ForCausalLM: () => import("./olmo2.js"),
    OPTForCausalLM: () => import("./opt.js"),
    Qwen2ForCausalLM: () => import("./qwen2.js"),
    Qwen3ForCausalLM: () => import("./qwen3.js"),
    SmolLM3ForCausalLM: () => import("./smollm3.js"),
  }),
);

/** Names of all architectures, sorted. */
export function supportedArchitectures(): string[] {
  return [...models.keys()].sort();
}

/**
 * Adds an architecture, or replaces one; returns true when it replaced one.
 *
 * @param architecture as in config.json: "MyModelForCausalLM"
 * @param source the class, or `() => import("./my-model.js")`, whose module exports it under that name or as default
 * @throws ConfigError when source is neither
 */
export function registerModel(architecture: string, source: ModelSource): boolean {
  if (typeof source !== "function")
    throw new ConfigError(
      `registerModel("${architecture}", …): the source must be a class, or a function that imports one: () => import(…); got ${describe(source)}`,
    );
  const replaced = models.has(architecture);
  models.set(architecture, source);
  return replaced;
}

/**
 * The class of the first architecture that is known.
 * @throws ConfigError when config.json names none, or its module or class is not as it must be;
 *   UnsupportedError listing what is supported and the nearest name
 */
export async function loadModelClass(
  architectures: unknown,
): Promise<{ architecture: string; modelClass: CausalLMClass }> {
  if (!Array.isArray(architectures) || architectures.length === 0 || !architectures.every((x) => typeof x === "string"))
    throw new ConfigError(
      `config.json: architectures must be a list of names such as ["LlamaForCausalLM"], got ${JSON.stringify(architectures)}`,
    );
  const architecture = (architectures as string[]).find((name) => models.has(name));
  if (architecture === undefined) throw unsupported(architectures[0] as string);
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

function unsupported(architecture: string): UnsupportedError {
  const stem = (name: string): string => name.replace(/(ForCausalLM|LMHeadModel)$/, "");
  const distance = (name: string): number => editDistance(stem(architecture), stem(name));
  const near = [...models.keys()].sort((a, b) => distance(a) - distance(b))[0];
  return new UnsupportedError(
    `config.json: architecture "${architecture}" is not supported; nearest: ${near}. ` +
      `Supported: ${supportedArchitectures().join(", ")}. Another one is a short TypeScript file: see docs/adding-a-model.md`,
  );
}
