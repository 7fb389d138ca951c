/**
 * compressed-tensors: groups of modules, each with its own kind of weights and activations. Source: the compressed-tensors package (vLLM project), whose
 * words the fields are.
 */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { UnsupportedError } from "../util/errors.js";
import type { ActivationRule } from "./activation-rule.js";
import type { CheckpointScheme, QuantizedTensor, ReadTensor } from "./checkpoint-scheme.js";
import { findInt8 } from "./compressed-int8.js";
import { findPacked } from "./compressed-packed.js";
import { findFloat8 } from "./fp8.js";
import { ModuleTensors, SchemeProblems } from "./module-tensors.js";
import { matchesName } from "./name-patterns.js";
import { SchemeConfig } from "./scheme-config.js";

/** How a group's weights are stored. */
export interface WeightArgs {
  readonly bits: number;
  readonly type: "int" | "float";
  readonly strategy: string;
  /** Inputs that share a scale, for strategy "group". */
  readonly groupSize: number | undefined;
  readonly block: readonly [number, number] | undefined;
  readonly symmetric: boolean;
}

interface Group {
  readonly name: string;
  readonly targets: readonly string[];
  readonly format: string;
  readonly weights: WeightArgs;
  readonly activation: ActivationRule | "static" | undefined;
}

const formats = ["pack-quantized", "int-quantized", "float-quantized", "naive-quantized"];
/** Ends of names of which a quantized module has at least one. */
const marks = ["weight_packed", "weight_scale"];

/** @throws ConfigError, UnsupportedError for a config that cannot be heeded */
export function compressedTensors(raw: Readonly<Record<string, unknown>>): CheckpointScheme {
  const config = new SchemeConfig("compressed-tensors", raw);
  const whole = config.string("format", "dense");
  const groups = Object.entries(config.record("config_groups")).map(([name, group]) =>
    groupOf(name, group as Record<string, unknown>, whole),
  );
  const ignore = config.strings("ignore");
  const sparsity = config.record("sparsity_config").format;
  if (sparsity !== undefined && sparsity !== "dense")
    throw new UnsupportedError(
      `${config.path("sparsity_config.format")}: ${JSON.stringify(sparsity)} is not read; known: dense`,
    );
  return {
    name: "compressed-tensors",
    // Scales of a quantized KV cache: Quire's own cache needs none.
    ignored: [/\.[kqv]_scale$/, /\.[kqv]_zero_point$/, /\.output_(scale|zero_point)$/, /\.weight_shape$/],
    find(tensors, read) {
      const problems = new SchemeProblems("compressed-tensors");
      const found = modulesOf(tensors).map((name) => {
        const module = new ModuleTensors(name, tensors, problems);
        if (ignore.some((pattern) => matchesName(pattern, name)))
          return module.complain("is in `ignore`, but the checkpoint has it quantized");
        const group =
          groups.find((one) => isTarget(one, name)) ?? groups.find(({ targets }) => targets.includes("Linear"));
        if (!group) return module.complain("is stored quantized, but is a target of no group in config_groups");
        return findModule(module, group, read);
      });
      problems.throwIfAny();
      return found.filter((one) => one !== undefined);
    },
  };
}

function modulesOf(tensors: ReadonlyMap<string, TensorInfo>): string[] {
  const modules = new Set<string>();
  for (const { name, storage } of tensors.values()) {
    const dot = name.lastIndexOf(".");
    const end = name.slice(dot + 1);
    if (marks.includes(end) || (end === "weight" && (storage === "i8" || storage === "f8_e4m3")))
      modules.add(name.slice(0, dot));
  }
  return [...modules];
}

const isTarget = ({ targets }: Group, module: string): boolean => targets.some((target) => matchesName(target, module));

function findModule(module: ModuleTensors, group: Group, read: ReadTensor): QuantizedTensor | undefined {
  const { weights, activation, format } = group;
  if (format === "pack-quantized") return findPacked(module, weights);
  if (weights.type === "int") return findInt8(module, weights, activation, read);
  return findFloat8(module, "weight_scale", weights.block, activation, read);
}

function groupOf(name: string, raw: Record<string, unknown>, whole: string): Group {
  const config = new SchemeConfig("compressed-tensors", raw, `config_groups.${name}`);
  const format = config.string("format", whole);
  if (!formats.includes(format))
    throw new UnsupportedError(`${config.path("format")}: "${format}" is not read; known: ${formats.join(", ")}`);
  const own = new SchemeConfig("compressed-tensors", config.record("weights"), `config_groups.${name}.weights`);
  const weights = weightArgs(own);
  const isPacked = format === "pack-quantized";
  if (isPacked && (weights.type !== "int" || ![2, 4, 8].includes(weights.bits)))
    throw new UnsupportedError(
      `${own.path("num_bits")}: ${weights.bits}-bit ${weights.type} is not read packed; known: 2, 4, 8-bit int`,
    );
  if (!isPacked && weights.bits !== 8)
    throw new UnsupportedError(`${own.path("num_bits")}: ${weights.bits} is not read in format "${format}"; known: 8`);
  return { name, targets: config.strings("targets"), format, weights, activation: activationOf(config, name) };
}

function weightArgs(config: SchemeConfig): WeightArgs {
  const type = config.string("type", "int");
  if (type !== "int" && type !== "float") config.wrong("type", "int or float");
  const groupSize = config.has("group_size") ? config.int("group_size") : undefined;
  const strategy = config.string(
    "strategy",
    groupSize === undefined ? "tensor" : groupSize === -1 ? "channel" : "group",
  );
  const known = ["tensor", "channel", "group", "block"];
  if (!known.includes(strategy))
    throw new UnsupportedError(`${config.path("strategy")}: "${strategy}" is not read; known: ${known.join(", ")}`);
  if (strategy === "group" && (groupSize === undefined || groupSize < 1))
    config.wrong("group_size", "a number of inputs from 1 with strategy group");
  return {
    bits: config.int("num_bits", 8),
    type: type as "int" | "float",
    strategy,
    groupSize: strategy === "group" ? groupSize : undefined,
    block: strategy === "block" ? blockOf(config) : undefined,
    symmetric: config.boolean("symmetric", true),
  };
}

function blockOf(config: SchemeConfig): readonly [number, number] {
  const value = config.value("block_structure");
  const sizes = typeof value === "string" ? value.split("x").map(Number) : value;
  if (!Array.isArray(sizes) || sizes.length !== 2 || !sizes.every((n) => Number.isSafeInteger(n) && n > 0))
    config.wrong("block_structure", "two sizes, as [128, 128], with strategy block");
  return sizes as unknown as [number, number];
}

function activationOf(group: SchemeConfig, name: string): Group["activation"] {
  if (!group.has("input_activations")) return undefined;
  const raw = group.record("input_activations");
  const config = new SchemeConfig("compressed-tensors", raw, `config_groups.${name}.input_activations`);
  const bits = config.int("num_bits", 8);
  if (bits !== 8)
    throw new UnsupportedError(`${config.path("num_bits")}: ${bits}-bit activations are not computed; known: 8`);
  const type = config.string("type", "int") === "float" ? "fp8" : "int8";
  if (!config.boolean("dynamic", false)) return "static";
  if (!config.boolean("symmetric", true))
    throw new UnsupportedError(
      `${config.path("symmetric")}: asymmetric dynamic activations are not computed; known: true`,
    );
  const strategy = config.string("strategy", "token");
  if (strategy === "token" || strategy === "tensor") return { type, per: "token" };
  if (strategy === "group") return { type, per: "group", groupSize: config.int("group_size", 128) };
  throw new UnsupportedError(`${config.path("strategy")}: "${strategy}" is not computed; known: token, tensor, group`);
}
