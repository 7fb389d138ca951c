/** AWQ: 4-bit numbers packed along the outputs, a scale and a zero for each group of inputs. Source: Lin et al. 2023; AutoAWQ's gemm format. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { UnsupportedError } from "../util/errors.js";
import type { CheckpointScheme, QuantizedTensor, ReadTensor, RowReader } from "./checkpoint-scheme.js";
import { ModuleTensors, modulesWith, SchemeProblems } from "./module-tensors.js";
import { SchemeConfig } from "./scheme-config.js";
import { scalesOf, wordsOf } from "./stored-values.js";

const bits = 4;
const perWord = 8;
/** Output c of eight lies in this nibble of their word. */
const nibbles = [0, 4, 1, 5, 2, 6, 3, 7];

/** @throws ConfigError, UnsupportedError for a config that cannot be heeded */
export function awq(raw: Readonly<Record<string, unknown>>): CheckpointScheme {
  const config = new SchemeConfig("awq", raw);
  const given = config.has("bits") ? config.int("bits") : config.int("w_bit");
  if (given !== bits) throw new UnsupportedError(`${config.path("bits")}: ${given} is not read; known: 4`);
  const version = config.string("version", "gemm").toLowerCase();
  if (version !== "gemm")
    throw new UnsupportedError(`${config.path("version")}: "${version}" is not read; known: gemm`);
  const groupSize = config.has("group_size") ? config.int("group_size") : config.int("q_group_size", -1);
  if (groupSize !== -1 && groupSize < 1) config.wrong("group_size", "-1 or a number of inputs from 1");
  return {
    name: "awq",
    find(tensors) {
      const problems = new SchemeProblems("awq");
      const found = modulesWith(tensors, "qweight").map((module) =>
        findModule(new ModuleTensors(module, tensors, problems), groupSize),
      );
      problems.throwIfAny();
      return found.filter((one) => one !== undefined);
    },
  };
}

interface Parts {
  readonly qweight: TensorInfo;
  readonly qzeros: TensorInfo;
  readonly scales: TensorInfo;
}

function findModule(module: ModuleTensors, groupSize: number): QuantizedTensor | undefined {
  const qweight = module.need("qweight", ["i32"]);
  if (!qweight) return undefined;
  const [inputs, words] = qweight.shape as [number, number];
  if (qweight.shape.length !== 2) return module.complain("qweight must be [inputs, outputs / 8]");
  const outputs = words * perWord;
  const size = groupSize === -1 ? inputs : groupSize;
  if (inputs % size !== 0) return module.complain(`group_size ${size} does not divide its ${inputs} inputs`);
  const scales = module.need("scales", ["f16", "bf16", "f32"], [inputs / size, outputs]);
  const qzeros = module.need("qzeros", ["i32"], [inputs / size, words]);
  if (!scales || !qzeros) return undefined;
  const parts: Parts = { qweight, qzeros, scales };
  return {
    name: `${module.module}.weight`,
    shape: [outputs, inputs],
    parts: [qweight, qzeros, scales],
    open: (read) => openModule(parts, inputs, outputs, size, read),
  };
}

function openModule(parts: Parts, inputs: number, outputs: number, groupSize: number, read: ReadTensor): RowReader {
  const wordsPerRow = outputs / perWord;
  const words = wordsOf(parts.qweight, read);
  const zeroWords = wordsOf(parts.qzeros, read);
  const scales = scalesOf(parts.scales, read);
  return {
    read(start, count, out) {
      for (let r = 0; r < count; r++) {
        const output = start + r;
        const column = Math.floor(output / perWord);
        const shift = bits * nibbles[output % perWord]!;
        for (let i = 0; i < inputs; i++) {
          const group = Math.floor(i / groupSize);
          const zero = (zeroWords[group * wordsPerRow + column]! >>> shift) & 15;
          const code = (words[i * wordsPerRow + column]! >>> shift) & 15;
          out[r * inputs + i] = (code - zero) * scales[group * outputs + output]!;
        }
      }
    },
  };
}
