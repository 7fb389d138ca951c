/** GPTQ: whole numbers packed along the inputs, a scale and a zero for each group of inputs. Source: Frantar et al. 2022; the format of AutoGPTQ. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { CheckpointError, UnsupportedError } from "../util/errors.js";
import type { CheckpointScheme, QuantizedTensor, ReadTensor, RowReader } from "./checkpoint-scheme.js";
import { ModuleTensors, modulesWith, SchemeProblems } from "./module-tensors.js";
import { pythonPattern } from "./name-patterns.js";
import { SchemeConfig } from "./scheme-config.js";
import { scalesOf, wordsOf } from "./stored-values.js";

interface Numbers {
  readonly bits: number;
  /** Inputs that share a scale; -1: all. */
  readonly groupSize: number;
}

/** @throws ConfigError, UnsupportedError for a config that cannot be heeded */
export function gptq(raw: Readonly<Record<string, unknown>>): CheckpointScheme {
  const config = new SchemeConfig("gptq", raw);
  const numbers: Numbers = { bits: bitsOf(config), groupSize: groupSizeOf(config) };
  const format = config.string("checkpoint_format", "gptq");
  if (format !== "gptq" && format !== "gptq_v2")
    throw new UnsupportedError(`${config.path("checkpoint_format")}: "${format}" is not read; known: gptq, gptq_v2`);
  // The first version of the format stores each zero less one.
  const zeroOffset = format === "gptq" ? 1 : 0;
  const rules = dynamicRules(config);
  return {
    name: "gptq",
    ignored: [/\.g_idx$/, /\.qzeros$/],
    find(tensors) {
      const problems = new SchemeProblems("gptq");
      const found = modulesWith(tensors, "qweight").map((module) =>
        findModule(new ModuleTensors(module, tensors, problems), { ...numbers, ...rules(module) }, zeroOffset),
      );
      problems.throwIfAny();
      return found.filter((one) => one !== undefined);
    },
  };
}

function bitsOf(config: SchemeConfig): number {
  const bits = config.int("bits");
  if (bits !== 2 && bits !== 4 && bits !== 8)
    throw new UnsupportedError(`${config.path("bits")}: ${bits} is not read; known: 2, 4, 8`);
  return bits;
}

function groupSizeOf(config: SchemeConfig): number {
  const size = config.int("group_size", -1);
  if (size !== -1 && size < 1) config.wrong("group_size", "-1 or a number of inputs from 1");
  return size;
}

/** GPTQModel's `dynamic`: expressions with "+:" (or nothing) before them change a module's numbers; "-:" leave it alone. */
function dynamicRules(config: SchemeConfig): (module: string) => Partial<Numbers> {
  const rules = Object.entries(config.record("dynamic")).map(([key, value]) => {
    const pattern = pythonPattern(key.replace(/^[+-]:/, ""));
    if (pattern === undefined) config.wrong("dynamic", "regular expressions as keys");
    const own = new SchemeConfig("gptq", (value ?? {}) as Record<string, unknown>, `dynamic.${key}`);
    const numbers: Partial<Numbers> = {
      ...(own.has("bits") ? { bits: bitsOf(own) } : {}),
      ...(own.has("group_size") ? { groupSize: groupSizeOf(own) } : {}),
    };
    return { pattern, numbers };
  });
  return (module) => rules.find(({ pattern }) => pattern.test(module))?.numbers ?? {};
}

interface Parts {
  readonly qweight: TensorInfo;
  readonly qzeros: TensorInfo;
  readonly scales: TensorInfo;
  readonly groupIndex: TensorInfo | undefined;
}

function findModule(
  module: ModuleTensors,
  { bits, groupSize }: Numbers,
  zeroOffset: number,
): QuantizedTensor | undefined {
  const qweight = module.need("qweight", ["i32"]);
  if (!qweight) return undefined;
  const perWord = 32 / bits;
  const [words, outputs] = qweight.shape as [number, number];
  if (qweight.shape.length !== 2 || outputs % perWord !== 0)
    return module.complain(`qweight must be [inputs / ${perWord}, outputs], with outputs a multiple of ${perWord}`);
  const inputs = words * perWord;
  const size = groupSize === -1 ? inputs : groupSize;
  if (inputs % size !== 0) return module.complain(`group_size ${size} does not divide its ${inputs} inputs`);
  const groups = inputs / size;
  const qzeros = module.need("qzeros", ["i32"], [groups, outputs / perWord]);
  const scales = module.need("scales", ["f16", "bf16", "f32"], [groups, outputs]);
  const groupIndex = module.find("g_idx");
  if (groupIndex && !module.check(groupIndex, ["i32"], [inputs])) return undefined;
  if (!qzeros || !scales) return undefined;
  const parts: Parts = { qweight, qzeros, scales, groupIndex };
  return {
    name: `${module.module}.weight`,
    shape: [outputs, inputs],
    parts: Object.values(parts).filter((one): one is TensorInfo => one !== undefined),
    open: (read) => openModule(module.module, parts, { bits, groupSize: size, zeroOffset, inputs, outputs }, read),
  };
}

interface Layout extends Numbers {
  readonly zeroOffset: number;
  readonly inputs: number;
  readonly outputs: number;
}

function openModule(name: string, parts: Parts, layout: Layout, read: ReadTensor): RowReader {
  const { bits, groupSize, zeroOffset, inputs, outputs } = layout;
  const perWord = 32 / bits;
  const mask = 2 ** bits - 1;
  const words = wordsOf(parts.qweight, read);
  const zeroWords = wordsOf(parts.qzeros, read);
  const scales = scalesOf(parts.scales, read);
  const groupOf = groupsOf(name, parts.groupIndex, inputs, groupSize, read);
  const numGroups = inputs / groupSize;
  return {
    read(start, count, out) {
      const scale = new Float32Array(numGroups);
      const zero = new Int32Array(numGroups);
      for (let r = 0; r < count; r++) {
        const output = start + r;
        for (let g = 0; g < numGroups; g++) {
          scale[g] = scales[g * outputs + output]!;
          const word = zeroWords[(g * outputs + output - (output % perWord)) / perWord]!;
          zero[g] = ((word >>> (bits * (output % perWord))) & mask) + zeroOffset;
        }
        for (let i = 0; i < inputs; i++) {
          const word = words[Math.floor(i / perWord) * outputs + output]!;
          const code = (word >>> (bits * (i % perWord))) & mask;
          const g = groupOf[i]!;
          out[r * inputs + i] = (code - zero[g]!) * scale[g]!;
        }
      }
    },
  };
}

/** The group of every input: in order, or as g_idx has it. */
function groupsOf(
  name: string,
  tensor: TensorInfo | undefined,
  inputs: number,
  groupSize: number,
  read: ReadTensor,
): Uint32Array {
  if (tensor === undefined) return Uint32Array.from({ length: inputs }, (_, i) => Math.floor(i / groupSize));
  const groups = wordsOf(tensor, read);
  const wrong = groups.findIndex((group) => group >= inputs / groupSize);
  if (wrong >= 0)
    throw new CheckpointError(
      `${name}.g_idx names group ${groups[wrong]} for input ${wrong}; there are ${inputs / groupSize}`,
    );
  return groups;
}
