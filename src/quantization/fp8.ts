/**
 * FP8: e4m3 weights with one scale, a scale for each output, or for each block; e4m3 activations. Source: HF and vLLM `fp8`, DeepSeek-V3's technical
 * report, section 3.3.
 */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { CheckpointError, UnsupportedError } from "../util/errors.js";
import type { ActivationRule } from "./activation-rule.js";
import type { CheckpointScheme, QuantizedTensor, ReadTensor, RowReader } from "./checkpoint-scheme.js";
import { ModuleTensors, modulesWith, SchemeProblems } from "./module-tensors.js";
import { SchemeConfig } from "./scheme-config.js";
import { e4m3Values, scalesOf } from "./stored-values.js";

const floats = ["f32", "bf16", "f16"] as const;

/** @throws ConfigError, UnsupportedError for a config that cannot be heeded */
export function fp8(raw: Readonly<Record<string, unknown>>): CheckpointScheme {
  const config = new SchemeConfig("fp8", raw);
  const format = config.string("fmt", "e4m3");
  if (format !== "e4m3" && format !== "float8_e4m3fn")
    throw new UnsupportedError(`${config.path("fmt")}: "${format}" is not read; known: e4m3`);
  const activations = config.string("activation_scheme", "dynamic");
  if (activations !== "dynamic" && activations !== "static") config.wrong("activation_scheme", "dynamic or static");
  const block = blockOf(config);
  if (block && activations === "static") config.wrong("activation_scheme", "dynamic with weight_block_size");
  return {
    name: "fp8",
    ignored: [/\.[kqv]_scale$/, /\.output_scale$/],
    find(tensors, read) {
      const problems = new SchemeProblems("fp8");
      const ends = ["weight_scale_inv", "weight_scale"];
      const modules = new Set(ends.flatMap((end) => modulesWith(tensors, end)));
      for (const [name, { storage }] of tensors)
        if (storage === "f8_e4m3" && name.endsWith(".weight")) modules.add(name.slice(0, -".weight".length));
      const found = [...modules].map((name) => {
        const module = new ModuleTensors(name, tensors, problems);
        const end = ends.find((one) => module.find(one)) ?? ends[block ? 0 : 1]!;
        const dynamic: ActivationRule = block
          ? { type: "fp8", per: "group", groupSize: block[1] }
          : { type: "fp8", per: "token" };
        return findFloat8(module, end, block, activations === "dynamic" ? dynamic : "static", read);
      });
      problems.throwIfAny();
      return found.filter((one) => one !== undefined);
    },
  };
}

type Block = readonly [rows: number, columns: number];

function blockOf(config: SchemeConfig): Block | undefined {
  const value = config.value("weight_block_size");
  if (value === undefined) return undefined;
  const isBlock = Array.isArray(value) && value.length === 2 && value.every((n) => Number.isSafeInteger(n) && n > 0);
  if (!isBlock) config.wrong("weight_block_size", "two whole numbers from 1");
  return value as unknown as Block;
}

/**
 * An e4m3 matrix [outputs, inputs] and its scales.
 * @param block     rows and columns that share a scale; the last ones may be cut off. Undefined: by the shape of the scales
 * @param activation what becomes of the input; "static": by the module's `input_scale`
 */
export function findFloat8(
  module: ModuleTensors,
  scaleEnd: string,
  block: Block | undefined,
  activation: ActivationRule | "static" | undefined,
  read: ReadTensor,
): QuantizedTensor | undefined {
  const weight = module.need("weight", ["f8_e4m3"]);
  if (!weight) return undefined;
  const [outputs, inputs] = weight.shape as [number, number];
  if (weight.shape.length !== 2) return module.complain("weight must be [outputs, inputs]");
  const shapes = block
    ? [[Math.ceil(outputs / block[0]), Math.ceil(inputs / block[1])]]
    : [[], [1], [1, 1], [outputs], [outputs, 1]];
  const scale = module.need(scaleEnd, floats, shapes);
  const inputScale = activation === "static" ? module.need("input_scale", floats, [[], [1]]) : undefined;
  if (!scale || (activation === "static" && !inputScale)) return undefined;
  return {
    name: weight.name,
    shape: weight.shape,
    parts: inputScale ? [weight, scale, inputScale] : [weight, scale],
    open: (again) => openFloat8(weight, scale, block, again),
    activation: inputScale
      ? { type: "fp8", per: "tensor", scale: scalesOf(inputScale, read)[0]! }
      : (activation as ActivationRule | undefined),
  };
}

function openFloat8(weight: TensorInfo, scale: TensorInfo, block: Block | undefined, read: ReadTensor): RowReader {
  const [outputs, inputs] = weight.shape as [number, number];
  const codes = read(weight);
  const scales = scalesOf(scale, read);
  const values = e4m3Values();
  const [blockRows, blockColumns] = block ?? [scales.length === 1 ? outputs : 1, inputs];
  const scalesPerRow = Math.ceil(inputs / blockColumns);
  return {
    read(start, count, out) {
      for (let r = 0; r < count; r++) {
        const row = Math.floor((start + r) / blockRows) * scalesPerRow;
        const from = (start + r) * inputs;
        for (let i = 0; i < inputs; i++) {
          const value = values[codes[from + i]!]!;
          if (Number.isNaN(value))
            throw new CheckpointError(`${weight.file}: "${weight.name}" holds NaN at [${start + r}, ${i}]`);
          out[r * inputs + i] = value * scales[row + Math.floor(i / blockColumns)]!;
        }
      }
    },
  };
}
