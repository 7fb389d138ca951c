/** From a checkpoint to a model with its weights on a platform. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig, readGenerationConfig } from "../checkpoint/config-file.js";
import { openCheckpoint } from "../checkpoint/open-checkpoint.js";
import type { Checkpoint } from "../checkpoint/tensor-source.js";
import type { EngineConfig } from "../config/engine-config.js";
import type { RawConfig } from "../config/raw-config.js";
import { resolveMaxModelLen } from "../config/max-model-len.js";
import { rawValue, wrongField } from "../config/raw-config.js";
import { textConfig, textTensorName } from "../config/text-config.js";
import type { CausalLM, CausalLMClass } from "../layers/causal-lm.js";
import type { LayerCacheSpec } from "../layers/layer-cache.js";
import type { LinearMethod } from "../layers/linear-method.js";
import type { ModelContext, ModuleWatch } from "../layers/model-context.js";
import { ParameterTable } from "../layers/parameter-table.js";
import { Prefix } from "../layers/prefix.js";
import type { ParallelConfig } from "../parallel/sharding.js";
import type { Address, Platform } from "../platform/platform.js";
import type { ActivationRule } from "../quantization/activation-rule.js";
import type { QuantizedTensor } from "../quantization/checkpoint-scheme.js";
import { dequantized } from "../quantization/quantized-checkpoint.js";
import { checkpointScheme, linearMethodByPrefix } from "../quantization/schemes.js";
import { ConfigError } from "../util/errors.js";
import { fillDummyWeights } from "./dummy-weights.js";
import { loadWeights } from "./load-weights.js";
import { findModelClass, overrideConfig, parseFields, unknownOverrides } from "./model-config.js";
import { allocateParameters, writeConstants } from "./parameter-memory.js";
import type { WeightPlan } from "./weight-plan.js";
import { modelName, planWeights } from "./weight-plan.js";

const publishedDtypes = ["float32", "float16", "bfloat16"];

/**
 * dtype of weights and activations for `--dtype auto`: f32 where the checkpoint is f32, else bf16. config.json's own word
 * comes first; a GGUF file, or a config without one, is judged by its tensors.
 */
function resolveDtype(wanted: string, raw: RawConfig, checkpoint: Checkpoint | undefined): "f32" | "bf16" {
  if (wanted === "float32") return "f32";
  if (wanted === "bfloat16") return "bf16";
  const published = rawValue(raw, "dtype") ?? rawValue(raw, "torch_dtype");
  if (published !== undefined) {
    if (!publishedDtypes.includes(published as string))
      wrongField("dtype", `one of ${publishedDtypes.join(", ")}`, published);
    return published === "float32" ? "f32" : "bf16";
  }
  const matrices = [...(checkpoint?.tensors.values() ?? [])].filter(({ shape }) => shape.length > 1);
  return matrices.length > 0 && matrices.every(({ storage }) => storage === "f32") ? "f32" : "bf16";
}

/** A model's tree, constructed, with its parameters declared; nothing is allocated or read yet. */
export interface ConstructedModel {
  readonly model: CausalLM;
  readonly modelClass: CausalLMClass;
  readonly architecture: string;
  /** The text model's config.json, overrides and all. */
  readonly raw: RawConfig;
  /** Where the text model's fields stand in config.json: "text_config"; undefined at the top. */
  readonly nestedIn: string | undefined;
  /** Lines for the log: what was chosen that config.json does not say plainly. */
  readonly remarks: readonly string[];
  readonly generationConfig: Record<string, unknown> | undefined;
  readonly parameters: ParameterTable;
  readonly layerCaches: ReadonlyMap<string, LayerCacheSpec>;
  readonly dtype: "f32" | "bf16";
  readonly maxModelLen: number;
  /** Undefined for dummy weights. */
  readonly checkpoint: Checkpoint | undefined;
  /** Tensors that are left out besides those that the model's class names. */
  readonly ignored: readonly RegExp[];
}

/** What `quire check` puts into the construction of a model. */
export interface ConstructionInstruments {
  /** Told of every module and every call. */
  readonly watch?: ModuleWatch;
  /** As which rank of how many; default: the only one that there is. */
  readonly parallel?: ParallelConfig;
  /** Tensors of the checkpoint that a model cut short does not use. */
  readonly ignored?: readonly RegExp[];
  /** Another method for some linear layers; gets what the options would choose. */
  readonly linearMethod?: (prefix: string, chosen: LinearMethod) => LinearMethod;
}

/**
 * Reads config.json and constructs the model. `config.model` is a path here.
 * @param note a sentence for the error about an unknown architecture: what may be missing
 * @throws CheckpointError, ConfigError or UnsupportedError with what does not fit
 */
export async function constructModel(
  config: EngineConfig,
  instruments: ConstructionInstruments = {},
  note = "",
): Promise<ConstructedModel> {
  const isDummy = config.loadFormat === "dummy";
  // Before any weight file is opened: an architecture that is not there is the first thing to know.
  if (existsSync(join(config.model, "config.json")))
    await findModelClass(overrideConfig(readConfig(config.model), config.hfOverrides), note);
  let checkpoint = isDummy ? undefined : openCheckpoint(config.model);
  try {
    const published = checkpoint?.config ?? readConfig(config.model);
    const whole = overrideConfig(published, config.hfOverrides);
    const { architecture, modelClass, remarks } = await findModelClass(whole, note);
    const text = textConfig(whole);
    const { raw } = text;
    const wanted = typeof config.maxModelLen === "number" ? config.maxModelLen : undefined;
    const maxModelLen = resolveMaxModelLen(raw, wanted);
    const dtype = resolveDtype(config.dtype, raw, checkpoint);
    const scheme = checkpointScheme(quantizationConfig(whole, raw));
    const quantized = checkpoint && scheme && dequantized(checkpoint, scheme);
    checkpoint = quantized?.checkpoint ?? checkpoint;
    const rules = activationRules(quantized?.found ?? [], modelClass, text.nestedIn);
    const chosen = linearMethodByPrefix(config.quantization, scheme, rules);
    const { linearMethod } = instruments;
    const context: ModelContext = {
      parameters: new ParameterTable(),
      parallel: instruments.parallel ?? { rank: 0, worldSize: config.tensorParallelSize },
      dtype,
      maxModelLen,
      linearMethod: linearMethod ? (prefix) => linearMethod(prefix, chosen(prefix)) : chosen,
      layerCaches: new Map(),
      claimed: new Map(),
      watch: instruments.watch,
    };
    const model = construct(architecture, modelClass, new Prefix("", parseFields(modelClass, text), context));
    return {
      model,
      modelClass,
      architecture,
      raw,
      nestedIn: text.nestedIn,
      remarks: [...unknownOverrides(published, config.hfOverrides), ...remarks],
      generationConfig: checkpoint ? checkpoint.generationConfig : readGenerationConfig(config.model),
      parameters: context.parameters,
      layerCaches: context.layerCaches,
      dtype,
      maxModelLen,
      checkpoint,
      ignored: [...(instruments.ignored ?? []), ...(scheme?.ignored ?? [])],
    };
  } catch (error) {
    checkpoint?.close();
    throw error;
  }
}

/** Of the text model's config, or of the whole one; compressed-tensors called it otherwise once. */
function quantizationConfig(whole: RawConfig, text: RawConfig): unknown {
  return text.quantization_config ?? text.compression_config ?? whole.quantization_config ?? whole.compression_config;
}

/** The rules for inputs by the model's names of its matrices, without ".weight". */
function activationRules(
  found: readonly QuantizedTensor[],
  { renames }: CausalLMClass,
  nestedIn: string | undefined,
): Map<string, ActivationRule> {
  const rules = new Map<string, ActivationRule>();
  for (const { name, activation } of found) {
    const published = nestedIn === undefined ? name : textTensorName(name);
    if (published === undefined || activation === undefined) continue;
    rules.set(modelName(published, renames).replace(/\.weight$/, ""), activation);
  }
  return rules;
}

/** Builds the module tree; a plain TypeError inside it is told with its place. */
function construct(architecture: string, modelClass: CausalLMClass, prefix: Prefix): CausalLM {
  try {
    return new modelClass(prefix as never);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const place = cause.stack?.split("\n").find((line) => line.trim().startsWith("at ")) ?? "";
    throw new ConfigError(
      `${architecture}: its constructor failed ${place.trim()}: ${cause.message}; class fields are set in the order in which they stand`,
      { cause },
    );
  }
}

/** Which tensor of the checkpoint fills which parameter. @throws CheckpointError listing all that does not fit */
export function planModel(constructed: ConstructedModel): WeightPlan | undefined {
  const { checkpoint, parameters, model, modelClass, ignored: cut, nestedIn } = constructed;
  if (!checkpoint) return undefined;
  const declaresHead = parameters.declared.some(({ spec }) => spec.name === "lm_head.weight");
  const { renames, ignored = [], ignoredBy } = modelClass;
  return planWeights(checkpoint.path, parameters.declared, checkpoint.tensors, {
    renames,
    ignored: [...cut, ...ignored, ...(ignoredBy?.(model.config as never) ?? [])],
    tiedHead: !declaresHead,
    nameOf: nestedIn === undefined ? undefined : textTensorName,
  });
}

/** Checks everything and gives the weights their memory. Returns its bytes. @throws CheckpointError, ResourceError */
export function placeModel(platform: Platform, constructed: ConstructedModel): PlacedModel {
  const plan = planModel(constructed);
  const { bytes, pieces } = allocateParameters(platform, constructed.parameters);
  return { plan, weightBytes: bytes, pieces };
}

/** A model whose parameters have addresses. */
export interface PlacedModel {
  /** Undefined for dummy weights. */
  readonly plan: WeightPlan | undefined;
  readonly weightBytes: number;
  /** What was allocated for them. */
  readonly pieces: readonly Address[];
}

/**
 * Fills the weights once more after their memory was given back.
 * @throws CheckpointError (as a rejection) if the checkpoint is gone or has changed
 */
export async function refillModel(
  platform: Platform,
  constructed: ConstructedModel,
  placed: PlacedModel,
  config: EngineConfig,
): Promise<void> {
  const checkpoint = constructed.checkpoint && reopen(config, constructed.raw);
  const again = { ...constructed, checkpoint };
  let plan: WeightPlan | undefined;
  try {
    plan = planModel(again);
  } catch (error) {
    checkpoint?.close();
    throw error;
  }
  await fillModel(platform, again, { ...placed, plan }, config.seed, () => undefined);
}

function reopen(config: EngineConfig, raw: RawConfig): Checkpoint {
  const checkpoint = openCheckpoint(config.model);
  try {
    const scheme = checkpointScheme(quantizationConfig(checkpoint.config, raw));
    return scheme ? dequantized(checkpoint, scheme).checkpoint : checkpoint;
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** Fills the weights and closes the checkpoint. Work that the platform does by itself has begun when the promise is there. */
export async function fillModel(
  platform: Platform,
  { checkpoint, parameters }: ConstructedModel,
  { plan, weightBytes }: PlacedModel,
  seed: number,
  progress: (done: number, total: number) => void,
): Promise<void> {
  try {
    const filling =
      plan && checkpoint
        ? loadWeights(platform, checkpoint, plan, progress)
        : fillDummyWeights(platform, parameters, seed);
    try {
      if (!plan) progress(0, weightBytes);
      writeConstants(platform, parameters);
    } finally {
      await filling;
    }
    if (!plan) progress(weightBytes, weightBytes);
  } finally {
    checkpoint?.close();
  }
}
