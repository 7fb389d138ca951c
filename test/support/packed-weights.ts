/** Writes one matrix as published schemes store it, from whole numbers; and what it stands for, computed apart from the readers. */
import { recipeValues } from "./materialize.js";
import type { RawTensor } from "./materialize.js";

/** A matrix as some scheme stores it. */
export interface PackedMatrix {
  readonly tensors: Record<string, RawTensor>;
  /** [outputs, inputs] */
  readonly values: Float32Array;
}

export interface PackOptions {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  readonly bits?: number;
  readonly groupSize?: number;
  /** GPTQ: the group of each input. */
  readonly groupIndex?: readonly number[];
  /** compressed-tensors, packed: without zero points. */
  readonly symmetric?: boolean;
}

const uniform = (name: string, count: number, seed = 7): Float32Array => recipeValues(name, [count], 0.5, 0.5, seed);
const codesOf = (name: string, count: number, bits: number): number[] =>
  Array.from(uniform(`${name} codes`, count), (x) => Math.min(2 ** bits - 1, Math.floor(x * 2 ** bits)));
/** Scales that f16 and bf16 hold exactly. */
const scalesOf = (name: string, count: number): number[] =>
  Array.from(uniform(`${name} scales`, count), (x) => (1 + Math.floor(x * 15) / 16) * 2 ** -7);

const i32 = (words: Uint32Array, shape: number[]): RawTensor => ({
  dtype: "I32",
  shape,
  data: new Uint8Array(words.buffer),
});
const bf16 = (values: readonly number[], shape: number[]): RawTensor => {
  const words = Uint16Array.from(values, (value) => new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16);
  return { dtype: "BF16", shape, data: new Uint8Array(words.buffer) };
};
const f32 = (values: readonly number[], shape: number[]): RawTensor => ({
  dtype: "F32",
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const bytes = (dtype: "I8" | "U8" | "F8_E4M3", values: readonly number[], shape: number[]): RawTensor => ({
  dtype,
  shape,
  data: Uint8Array.from(values, (value) => value & 255),
});

/** Values of a [rows, columns] function. */
function table(rows: number, columns: number, value: (row: number, column: number) => number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns));
}

/** AutoGPTQ's first format: codes along the inputs, zeros less one along the outputs. */
export function packGptq(options: PackOptions): PackedMatrix {
  const { name, outputs, inputs, bits = 4, groupSize = 32, groupIndex } = options;
  const groups = inputs / groupSize;
  const perWord = 32 / bits;
  const codes = codesOf(name, inputs * outputs, bits);
  const scales = scalesOf(name, groups * outputs);
  const zeros = Array.from(codesOf(`${name} zeros`, groups * outputs, bits), (zero) => Math.max(1, zero));
  const qweight = new Uint32Array((inputs / perWord) * outputs);
  codes.forEach((code, at) => {
    const [i, o] = [Math.floor(at / outputs), at % outputs];
    qweight[Math.floor(i / perWord) * outputs + o]! |= code << (bits * (i % perWord));
  });
  const qzeros = new Uint32Array(groups * (outputs / perWord));
  zeros.forEach((zero, at) => (qzeros[Math.floor(at / perWord)]! |= (zero - 1) << (bits * (at % perWord))));
  const groupOf = (i: number): number => groupIndex?.[i] ?? Math.floor(i / groupSize);
  return {
    tensors: {
      [`${name}.qweight`]: i32(qweight, [inputs / perWord, outputs]),
      [`${name}.qzeros`]: i32(qzeros, [groups, outputs / perWord]),
      [`${name}.scales`]: bf16(scales, [groups, outputs]),
      ...(groupIndex ? { [`${name}.g_idx`]: i32(Uint32Array.from(groupIndex), [inputs]) } : {}),
    },
    values: table(outputs, inputs, (o, i) => {
      const at = groupOf(i) * outputs + o;
      return (codes[i * outputs + o]! - zeros[at]!) * scales[at]!;
    }),
  };
}

/** AutoAWQ's gemm format. */
export function packAwq({ name, outputs, inputs, groupSize = 32 }: PackOptions): PackedMatrix {
  const groups = inputs / groupSize;
  const codes = codesOf(name, inputs * outputs, 4);
  const zeros = codesOf(`${name} zeros`, groups * outputs, 4);
  const scales = scalesOf(name, groups * outputs);
  // The outputs of the nibbles of a word, lowest first.
  const order = [0, 2, 4, 6, 1, 3, 5, 7];
  const pack = (rows: number, values: readonly number[]): RawTensor => {
    const words = new Uint32Array((rows * outputs) / 8);
    for (let w = 0; w < words.length; w++)
      order.forEach((output, nibble) => (words[w]! |= values[w * 8 + output]! << (4 * nibble)));
    return i32(words, [rows, outputs / 8]);
  };
  return {
    tensors: {
      [`${name}.qweight`]: pack(inputs, codes),
      [`${name}.qzeros`]: pack(groups, zeros),
      [`${name}.scales`]: bf16(scales, [groups, outputs]),
    },
    values: table(outputs, inputs, (o, i) => {
      const at = Math.floor(i / groupSize) * outputs + o;
      return (codes[i * outputs + o]! - zeros[at]!) * scales[at]!;
    }),
  };
}

/** compressed-tensors' pack-quantized. */
export function packCompressed(options: PackOptions): PackedMatrix {
  const { name, outputs, inputs, bits = 4, groupSize = 32, symmetric = true } = options;
  const groups = inputs / groupSize;
  const perWord = 32 / bits;
  const half = 2 ** (bits - 1);
  const codes = codesOf(name, inputs * outputs, bits);
  const scales = scalesOf(name, groups * outputs);
  const zeros = codesOf(`${name} zeros`, groups * outputs, bits).map((zero) => (symmetric ? half : zero));
  const packed = new Uint32Array((outputs * inputs) / perWord);
  codes.forEach((code, at) => (packed[Math.floor(at / perWord)]! |= code << (bits * (at % perWord))));
  const rows = Math.ceil(outputs / perWord);
  const packedZeros = new Uint32Array(rows * groups);
  zeros.forEach((zero, at) => {
    const [o, g] = [Math.floor(at / groups), at % groups];
    packedZeros[Math.floor(o / perWord) * groups + g]! |= zero << (bits * (o % perWord));
  });
  const shape = new BigInt64Array([BigInt(outputs), BigInt(inputs)]);
  return {
    tensors: {
      [`${name}.weight_packed`]: i32(packed, [outputs, inputs / perWord]),
      [`${name}.weight_scale`]: bf16(scales, [outputs, groups]),
      [`${name}.weight_shape`]: { dtype: "I64", shape: [2], data: new Uint8Array(shape.buffer) },
      ...(symmetric ? {} : { [`${name}.weight_zero_point`]: i32(packedZeros, [rows, groups]) }),
    },
    values: table(outputs, inputs, (o, i) => {
      const at = o * groups + Math.floor(i / groupSize);
      return (codes[o * inputs + i]! - zeros[at]!) * scales[at]!;
    }),
  };
}

/** compressed-tensors' int-quantized, one scale an output. */
export function packInt8({ name, outputs, inputs }: PackOptions): PackedMatrix {
  const codes = codesOf(name, inputs * outputs, 8).map((code) => code - 128);
  const scales = scalesOf(name, outputs).map((scale) => scale / 16);
  return {
    tensors: {
      [`${name}.weight`]: bytes("I8", codes, [outputs, inputs]),
      [`${name}.weight_scale`]: bf16(scales, [outputs, 1]),
    },
    values: table(outputs, inputs, (o, i) => codes[o * inputs + i]! * scales[o]!),
  };
}

/** What an e4m3 code stands for, by its fields. */
function e4m3(code: number): number {
  const [exponent, mantissa] = [(code >> 3) & 15, code & 7];
  const size = exponent === 0 ? (mantissa / 8) * 2 ** -6 : (1 + mantissa / 8) * 2 ** (exponent - 7);
  return code & 128 ? -size : size;
}

/** FP8 in blocks of [rows, columns], or with one scale. */
export function packFp8(options: PackOptions & { readonly block?: readonly [number, number] }): PackedMatrix {
  const { name, outputs, inputs, block } = options;
  const codes = codesOf(name, inputs * outputs, 8).map((code) => ((code & 127) === 127 ? code - 1 : code));
  const [rows, columns] = block ?? [outputs, inputs];
  const grid = [Math.ceil(outputs / rows), Math.ceil(inputs / columns)] as const;
  const scales = scalesOf(name, grid[0] * grid[1]).map((scale) => scale / 128);
  return {
    tensors: {
      [`${name}.weight`]: bytes("F8_E4M3", codes, [outputs, inputs]),
      ...(block
        ? { [`${name}.weight_scale_inv`]: f32(scales, [...grid]) }
        : { [`${name}.weight_scale`]: bf16(scales, [1]) }),
    },
    values: table(
      outputs,
      inputs,
      (o, i) => e4m3(codes[o * inputs + i]!) * scales[Math.floor(o / rows) * grid[1] + Math.floor(i / columns)]!,
    ),
  };
}

/** gpt-oss's experts: `values` are [experts, inputs, outputs], as the model has them. */
export function packMxfp4({ name, outputs, inputs }: PackOptions, experts: number): PackedMatrix {
  const sizes = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
  const codes = codesOf(name, experts * outputs * inputs, 4);
  const exponents = codesOf(`${name} exponents`, (experts * outputs * inputs) / 32, 3).map((e) => 118 + e);
  const pairs = Array.from({ length: codes.length / 2 }, (_, i) => codes[2 * i]! | (codes[2 * i + 1]! << 4));
  const stored = (i: number): number => {
    const size = sizes[codes[i]! & 7]! * 2 ** (exponents[Math.floor(i / 32)]! - 127);
    return codes[i]! & 8 ? -size : size;
  };
  return {
    tensors: {
      [`${name}_blocks`]: bytes("U8", pairs, [experts, outputs, inputs / 32, 16]),
      [`${name}_scales`]: bytes("U8", exponents, [experts, outputs, inputs / 32]),
    },
    values: table(experts * inputs, outputs, (row, o) =>
      stored((Math.floor(row / inputs) * outputs + o) * inputs + (row % inputs)),
    ),
  };
}

/** bitsandbytes with 4-bit codes and maxima that are codes themselves. */
export function packNf4({ name, outputs, inputs }: PackOptions): PackedMatrix {
  const [blocksize, nestedBlocksize, offset] = [64, 256, 0.0625];
  const map = Array.from({ length: 16 }, (_, i) => (i - 8) / 8);
  const nestedMap = Array.from({ length: 256 }, (_, i) => i / 256);
  const codes = codesOf(name, outputs * inputs, 4);
  const maxima = codesOf(`${name} maxima`, codes.length / blocksize, 8);
  const nested = scalesOf(name, Math.ceil(maxima.length / nestedBlocksize));
  const state = { quant_type: "nf4", blocksize, dtype: "bfloat16", shape: [outputs, inputs] };
  const json = Buffer.from(JSON.stringify({ ...state, nested_blocksize: nestedBlocksize, nested_offset: offset }));
  // The first of two codes is the high nibble.
  const pairs = Array.from({ length: codes.length / 2 }, (_, i) => (codes[2 * i]! << 4) | codes[2 * i + 1]!);
  return {
    tensors: {
      [`${name}.weight`]: bytes("U8", pairs, [pairs.length, 1]),
      [`${name}.weight.absmax`]: bytes("U8", maxima, [maxima.length]),
      [`${name}.weight.quant_map`]: f32(map, [16]),
      [`${name}.weight.nested_absmax`]: f32(nested, [nested.length]),
      [`${name}.weight.nested_quant_map`]: f32(nestedMap, [256]),
      [`${name}.weight.quant_state.bitsandbytes__nf4`]: bytes("U8", [...json], [json.length]),
    },
    values: table(outputs, inputs, (o, i) => {
      const block = Math.floor((o * inputs + i) / blocksize);
      const maximum = nestedMap[maxima[block]!]! * nested[Math.floor(block / nestedBlocksize)]! + offset;
      return map[codes[o * inputs + i]!]! * Math.fround(maximum);
    }),
  };
}
