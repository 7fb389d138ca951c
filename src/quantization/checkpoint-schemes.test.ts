/** Published schemes: each matrix reads as what its whole numbers stand for; what does not fit is refused with its name. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openCheckpoint } from "../checkpoint/open-checkpoint.js";
import { writeSafetensors } from "../../test/support/materialize.js";
import type { RawTensor } from "../../test/support/materialize.js";
import {
  packAwq,
  packCompressed,
  packFp8,
  packGptq,
  packInt8,
  packMxfp4,
  packNf4,
} from "../../test/support/packed-weights.js";
import type { PackedMatrix } from "../../test/support/packed-weights.js";
import { dequantized } from "./quantized-checkpoint.js";
import { checkpointScheme } from "./schemes.js";

const folder = mkdtempSync(join(tmpdir(), "quire-schemes-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

function open(config: object, tensors: Record<string, RawTensor>): ReturnType<typeof dequantized> {
  const path = mkdtempSync(join(folder, `${count++}-`));
  writeFileSync(join(path, "config.json"), JSON.stringify({ model_type: "llama", quantization_config: config }));
  writeSafetensors(join(path, "model.safetensors"), tensors);
  return dequantized(openCheckpoint(path), checkpointScheme(config)!);
}

function readAll({ checkpoint }: ReturnType<typeof dequantized>, name: string): Float32Array {
  const { byteLength } = checkpoint.tensors.get(name)!;
  const bytes = new Uint8Array(byteLength);
  // In uneven pieces, as ranks and chunks do.
  for (let at = 0, size = 52; at < byteLength; at += size, size = (size * 3) & ~3)
    checkpoint.read(name, at, Math.min(size, byteLength - at), bytes, at);
  return new Float32Array(bytes.buffer);
}

const matrix = { name: "m.q_proj", outputs: 24, inputs: 128 };
const shuffled = Array.from({ length: 128 }, (_, i) => (i * 37) % 4);
const group = (weights: object, rest: object = {}): object => ({
  quant_method: "compressed-tensors",
  config_groups: { group_0: { targets: ["Linear"], weights, ...rest } },
});
const int4 = { num_bits: 4, type: "int", strategy: "group", group_size: 32 };
const perToken = { num_bits: 8, type: "int", dynamic: true, strategy: "token" };

const cases: readonly (readonly [what: string, config: object, packed: PackedMatrix, name?: string])[] = [
  ["gptq", { quant_method: "gptq", bits: 4, group_size: 32 }, packGptq(matrix)],
  ["gptq, 8 bits", { quant_method: "gptq", bits: 8, group_size: 64 }, packGptq({ ...matrix, bits: 8, groupSize: 64 })],
  [
    "gptq, 2 bits, one group",
    { quant_method: "gptq", bits: 2, group_size: -1 },
    packGptq({ ...matrix, outputs: 32, bits: 2, groupSize: 128 }),
  ],
  [
    "gptq, act-order",
    { quant_method: "gptq", bits: 4, group_size: 32, desc_act: true },
    packGptq({ ...matrix, groupIndex: shuffled }),
  ],
  [
    "gptq, other bits for some",
    { quant_method: "gptq", bits: 4, group_size: 32, dynamic: { "+:.*q_proj": { bits: 8 } } },
    packGptq({ ...matrix, bits: 8 }),
  ],
  ["awq", { quant_method: "awq", bits: 4, group_size: 32, zero_point: true, version: "gemm" }, packAwq(matrix)],
  ["compressed, 4 bits", { ...group(int4), format: "pack-quantized" }, packCompressed(matrix)],
  [
    "compressed, 4 bits, zeros",
    { ...group({ ...int4, symmetric: false }), format: "pack-quantized" },
    packCompressed({ ...matrix, symmetric: false }),
  ],
  [
    "compressed, 8 bits, format of the group",
    group({ ...int4, num_bits: 8 }, { format: "pack-quantized" }),
    packCompressed({ ...matrix, bits: 8 }),
  ],
  [
    "compressed, int8",
    { ...group({ num_bits: 8, strategy: "channel" }, { input_activations: perToken }), format: "int-quantized" },
    packInt8(matrix),
  ],
  ["fp8", { quant_method: "fp8", activation_scheme: "dynamic" }, packFp8(matrix)],
  [
    "fp8 in blocks, the last ones cut off",
    { quant_method: "fp8", weight_block_size: [16, 48] },
    packFp8({ ...matrix, block: [16, 48] }),
  ],
  ["bitsandbytes nf4", { quant_method: "bitsandbytes", load_in_4bit: true }, packNf4(matrix)],
  [
    "mxfp4",
    { quant_method: "mxfp4" },
    packMxfp4({ name: "m.gate_up_proj", outputs: 24, inputs: 64 }, 3),
    "m.gate_up_proj",
  ],
];

test.each(cases.map(([what, ...rest]) => ({ what, rest })))(
  "$what",
  ({ rest: [config, { tensors, values }, name = "m.q_proj.weight"] }) => {
    const opened = open(config, tensors);
    expect([...opened.checkpoint.tensors.keys()].filter((one) => !one.endsWith("weight_shape"))).toEqual([name]);
    expect(readAll(opened, name)).toEqual(values);
    expect(opened.checkpoint.place(name)).toBeUndefined();
  },
);

describe("inputs", () => {
  const rules = (config: object, tensors: Record<string, RawTensor>) =>
    open(config, tensors).found.map(({ activation }) => activation);

  test("are rounded as the config says", () => {
    const w8a8 = {
      ...group({ num_bits: 8, strategy: "channel" }, { input_activations: perToken }),
      format: "int-quantized",
    };
    expect(rules(w8a8, packInt8(matrix).tensors)).toEqual([{ type: "int8", per: "token" }]);
    expect(
      rules({ quant_method: "fp8", weight_block_size: [16, 48] }, packFp8({ ...matrix, block: [16, 48] }).tensors),
    ).toEqual([{ type: "fp8", per: "group", groupSize: 48 }]);
    expect(rules({ quant_method: "awq", bits: 4, group_size: 32 }, packAwq(matrix).tensors)).toEqual([undefined]);
  });

  test("take the checkpoint's scale", () => {
    const input = { dtype: "F32", shape: [1], data: new Uint8Array(Float32Array.of(0.25).buffer) };
    const tensors = { ...packFp8(matrix).tensors, "m.q_proj.input_scale": input };
    const config = { quant_method: "fp8", activation_scheme: "static" };
    expect(rules(config, tensors)).toEqual([{ type: "fp8", per: "tensor", scale: 0.25 }]);
    expect(() => open(config, packFp8(matrix).tensors)).toThrow(/m\.q_proj needs "m\.q_proj\.input_scale"/);
  });
});

describe("what does not fit is refused", () => {
  const gptq = { quant_method: "gptq", bits: 4, group_size: 32 };
  const without = (end: string) =>
    Object.fromEntries(Object.entries(packGptq(matrix).tensors).filter(([name]) => !name.endsWith(end)));
  const changed = (end: string, change: Partial<RawTensor>) => {
    const { tensors } = packGptq(matrix);
    return { ...tensors, [`m.q_proj.${end}`]: { ...tensors[`m.q_proj.${end}`]!, ...change } };
  };
  const noNumber = new Uint8Array(Uint16Array.from({ length: 96 }, (_, i) => (i === 5 ? 0x7fc0 : 0x3f80)).buffer);

  test.each<[string, object, Record<string, RawTensor>, RegExp]>([
    [
      "a scheme that is not known",
      { quant_method: "quip" },
      {},
      /quant_method "quip".*known: awq, bitsandbytes, compressed-tensors, fp8, gptq, mxfp4/,
    ],
    ["a config that is no object", ["gptq"], {}, /must be an object/],
    ["bits", { ...gptq, bits: 3 }, {}, /quantization_config\.bits \(gptq\): 3 is not read; known: 2, 4, 8/],
    ["bits of another type", { ...gptq, bits: "4" }, {}, /must be a whole number; got "4"/],
    [
      "a group size that does not divide",
      { ...gptq, group_size: 48 },
      packGptq(matrix).tensors,
      /m\.q_proj: group_size 48 does not divide its 128 inputs/,
    ],
    ["no scales", gptq, without("scales"), /m\.q_proj needs "m\.q_proj\.scales", which is not in the checkpoint/],
    ["no zeros", gptq, without("qzeros"), /m\.q_proj\.qzeros/],
    [
      "scales of another shape",
      gptq,
      changed("scales", { shape: [24, 4] }),
      /"m\.q_proj\.scales" must be \[4, 24\]; is \[24, 4\]/,
    ],
    [
      "weights of another type",
      gptq,
      changed("qweight", { dtype: "F32" }),
      /"m\.q_proj\.qweight" is stored as f32; must be i32/,
    ],
    [
      "NaN among the scales",
      gptq,
      changed("scales", { data: noNumber }),
      /"m\.q_proj\.scales" holds the scale NaN at 5/,
    ],
    [
      "a format",
      { ...group({ ...int4, type: "float" }), format: "nvfp4-pack-quantized" },
      {},
      /"nvfp4-pack-quantized" is not read; known/,
    ],
    [
      "a matrix that no group names",
      { ...group(int4), format: "pack-quantized", config_groups: { a: { targets: ["re:.*k_proj"], weights: int4 } } },
      packCompressed(matrix).tensors,
      /m\.q_proj: is stored quantized, but is a target of no group/,
    ],
    [
      "a matrix that is to be ignored",
      { ...group(int4), format: "pack-quantized", ignore: ["re:.*q_proj"] },
      packCompressed(matrix).tensors,
      /m\.q_proj: is in `ignore`/,
    ],
    [
      "4-bit activations",
      group(int4, { format: "pack-quantized", input_activations: { num_bits: 4, dynamic: true } }),
      {},
      /4-bit activations are not computed/,
    ],
  ])("%s", (_, config, tensors, message) => {
    expect(() => {
      const { checkpoint, found } = open(config, tensors);
      for (const { name } of found) readAll({ checkpoint, found }, name);
    }).toThrow(message);
  });
});
