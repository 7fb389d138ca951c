/** GGUF files: metadata, configs, names and row order; and what is refused. */
import { copyFileSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  ggufBytes,
  tinyGguf,
  type GgufField,
  type GgufParts,
  type GgufTensorField,
} from "../../test/support/gguf-file.js";
import { CheckpointError } from "../util/errors.js";
import { isGgufCheckpoint, type GgufCheckpoint } from "./gguf-checkpoint.js";
import { openCheckpoint } from "./open-checkpoint.js";

const root = mkdtempSync(join(tmpdir(), "quire-gguf-"));
afterAll(() => rmSync(root, { recursive: true }));
const path = join(root, "model.gguf");

function open(parts: GgufParts | Uint8Array): GgufCheckpoint {
  writeFileSync(path, parts instanceof Uint8Array ? parts : ggufBytes(parts));
  const checkpoint = openCheckpoint(path);
  if (!isGgufCheckpoint(checkpoint)) throw new Error("expected a GGUF checkpoint");
  return checkpoint;
}

/** The config of the tiny model with some metadata and tensors more. */
function configOf(architecture: string, more: Record<string, GgufField> = {}, tensors: GgufTensorField[] = []) {
  const parts = tinyGguf(architecture);
  const checkpoint = open({
    ...parts,
    metadata: { ...parts.metadata, ...more },
    tensors: [...parts.tensors, ...tensors],
  });
  checkpoint.close();
  return checkpoint.config;
}

function errorOf(parts: GgufParts | Uint8Array): string {
  try {
    open(parts).close();
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message.startsWith(path)).toBe(true);
    return (error as Error).message;
  }
  throw new Error("opened without an error");
}

/** The error of the tiny model with these changes. */
function errorWith(changes: Partial<GgufParts>): string {
  return errorOf({ ...tinyGguf(), ...changes });
}

function errorWithKey(key: string, field: GgufField | undefined): string {
  const { [key]: _, ...metadata } = tinyGguf().metadata;
  return errorWith({ metadata: field === undefined ? metadata : { ...metadata, [key]: field } });
}

const u32 = (value: number): GgufField => ({ type: "u32", value });
const f32 = (value: number): GgufField => ({ type: "f32", value });
const string = (value: string): GgufField => ({ type: "string", value });
const vector = (name: string, values: readonly number[]): GgufTensorField => ({
  name,
  shape: [values.length],
  type: 0,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

test("config, generation config and metadata of a Llama", () => {
  const checkpoint = open(tinyGguf());
  expect(checkpoint.config).toEqual({
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    vocab_size: 8,
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 8,
    hidden_act: "silu",
    max_position_embeddings: 512,
    rms_norm_eps: 1e-5,
    rope_theta: 500000,
    rope_scaling: null,
    attention_dropout: 0,
    tie_word_embeddings: true,
    bos_token_id: 0,
    eos_token_id: 1,
    attention_bias: false,
    mlp_bias: false,
  });
  expect(checkpoint.generationConfig).toEqual({ bos_token_id: 0, eos_token_id: [1, 5] });
  expect(checkpoint.ggufMetadata.get("tokenizer.ggml.tokens")).toEqual([
    "<s>",
    "</s>",
    "Ġa",
    "\ufeff",
    "",
    "f",
    "g",
    "h",
  ]);
  expect(checkpoint.ggufMetadata.get("tokenizer.ggml.scores")).toEqual(Float32Array.of(0, -1, -2.5, 0, 0, 0, 0, 0));
  expect(checkpoint.ggufMetadata.get("tokenizer.ggml.token_type")).toEqual(Int32Array.of(3, 3, 1, 1, 1, 1, 1, -1));
  expect(checkpoint.ggufMetadata.get("tokenizer.ggml.add_bos_token")).toBe(true);
  expect(checkpoint.tensors.size).toBe(20);
  expect(checkpoint.tensors.get("model.layers.1.mlp.down_proj.weight")).toMatchObject({
    shape: [32, 64],
    storage: "f32",
  });
  checkpoint.close();
});

test("all metadata types", () => {
  const { metadata, tensors } = tinyGguf();
  const more: Record<string, GgufField> = {
    u64: { type: "u64", value: 2n ** 63n + 1n },
    i64: { type: "i64", value: -5 },
    f64: { type: "f64", value: Math.PI },
    u8: { type: "u8", value: 200 },
    bools: { type: "array", items: "bool", value: [true, false] },
    longs: { type: "array", items: "i64", value: [-1n, 2n ** 60n] },
    nested: { type: "array", items: "array", value: [[1, 2], [], [3]] },
    empty: { type: "array", items: "string", value: [] },
  };
  const checkpoint = open({ metadata: { ...metadata, ...more }, tensors });
  const values = Object.fromEntries(Object.keys(more).map((key) => [key, checkpoint.ggufMetadata.get(key)]));
  expect(values).toEqual({
    u64: 2n ** 63n + 1n,
    i64: -5,
    f64: Math.PI,
    u8: 200,
    bools: [true, false],
    longs: BigInt64Array.of(-1n, 2n ** 60n),
    nested: [Uint32Array.of(1, 2), Uint32Array.of(), Uint32Array.of(3)],
    empty: [],
  });
  checkpoint.close();
});

/** [heads, 2 halves, half, columns] as HF has it, from llama.cpp's [heads, half, 2, columns]; bytes, whole rows. */
function unpair(data: Uint8Array, rows: number, heads: number): Uint8Array {
  const rowBytes = data.length / rows;
  const headRows = rows / heads;
  const out: number[] = [];
  for (let head = 0; head < heads; head++)
    for (const parity of [0, 1])
      for (let i = 0; i < headRows / 2; i++) {
        const row = head * headRows + 2 * i + parity;
        out.push(...data.subarray(row * rowBytes, (row + 1) * rowBytes));
      }
  return Uint8Array.from(out);
}

test.each([
  ["llama", 0],
  ["llama", 2],
  ["smollm3", 8],
])("%s, type %i: rows of q and k come back in halves order, in slices of any size", (architecture, type) => {
  const parts = tinyGguf(architecture, type);
  const bias = vector("blk.0.attn_k.bias", [...Array(16).keys()]);
  const checkpoint = open({ ...parts, tensors: [...parts.tensors, bias] });
  const stored = (name: string) => [...parts.tensors, bias].find((tensor) => tensor.name === name)!.data;
  const read = (name: string, slice: number) => {
    const all = new Uint8Array(checkpoint.tensors.get(name)!.byteLength);
    for (let at = 0; at < all.length; at += slice) checkpoint.read(name, at, Math.min(slice, all.length - at), all, at);
    return all;
  };
  for (const slice of [1e9, 1000, 77]) {
    expect(read("model.layers.1.self_attn.q_proj.weight", slice)).toEqual(unpair(stored("blk.1.attn_q.weight"), 32, 4));
    expect(read("model.layers.1.self_attn.k_proj.weight", slice)).toEqual(unpair(stored("blk.1.attn_k.weight"), 16, 2));
    expect(read("model.layers.0.self_attn.k_proj.bias", slice)).toEqual(unpair(stored("blk.0.attn_k.bias"), 16, 2));
    expect(read("model.layers.1.self_attn.v_proj.weight", slice)).toEqual(stored("blk.1.attn_v.weight"));
  }
  const first = new Float32Array(16);
  checkpoint.read("model.layers.0.self_attn.k_proj.bias", 0, 64, new Uint8Array(first.buffer));
  expect([...first]).toEqual([0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15]);
  checkpoint.close();
});

test("qwen2 has no pairs to undo", () => {
  const parts = tinyGguf("qwen2");
  const checkpoint = open(parts);
  const bytes = new Uint8Array(32 * 32 * 4);
  checkpoint.read("model.layers.0.self_attn.q_proj.weight", 0, bytes.length, bytes);
  expect(bytes).toEqual(parts.tensors.find(({ name }) => name === "blk.0.attn_q.weight")!.data);
  expect(checkpoint.config).toMatchObject({ architectures: ["Qwen2ForCausalLM"], sliding_window: null });
  checkpoint.close();
});

test("other configs", () => {
  expect(configOf("smollm3")).toMatchObject({
    model_type: "smollm3",
    no_rope_layers: [1, 1],
    no_rope_layer_interval: 4,
  });
  expect(configOf("llama", { "llama.attention.sliding_window": u32(16) })).toMatchObject({
    architectures: ["MistralForCausalLM"],
    model_type: "mistral",
    sliding_window: 16,
  });
  expect(
    configOf("llama", { "llama.attention.key_length": u32(16), "llama.rope.dimension_count": u32(4) }),
  ).toMatchObject({ head_dim: 16, partial_rotary_factor: 0.25 });
  const perLayer: GgufField = { type: "array", items: "u32", value: [2, 2] };
  expect(configOf("llama", { "llama.attention.head_count_kv": perLayer })).toMatchObject({ num_key_value_heads: 2 });
  const output = { name: "output.weight", shape: [8, 32], type: 0, data: new Uint8Array(1024) };
  expect(configOf("llama", {}, [output])).toMatchObject({ tie_word_embeddings: false });
  const biases = ["blk.0.attn_q.bias", "blk.0.ffn_up.bias"].map((name) => vector(name, Array(32).fill(0)));
  expect(configOf("llama", {}, biases)).toMatchObject({ attention_bias: true, mlp_bias: true });
});

test("rotary scaling", () => {
  const scaling = (fields: Record<string, GgufField>, tensors: GgufTensorField[] = []) =>
    configOf("llama", fields, tensors)["rope_scaling"];
  const type = (name: string) => ({ "llama.rope.scaling.type": string(name), "llama.rope.scaling.factor": f32(4) });
  const original = { "llama.rope.scaling.original_context_length": u32(128) };
  expect(scaling(type("none"))).toBeNull();
  expect(scaling(type("linear"))).toEqual({ rope_type: "linear", factor: 4 });
  expect(scaling({ ...type("yarn"), ...original, "llama.rope.scaling.yarn_beta_fast": f32(16) })).toEqual({
    rope_type: "yarn",
    factor: 4,
    original_max_position_embeddings: 128,
    beta_fast: 16,
  });
  expect(() => scaling(type("longrope"))).toThrow(
    /rope.scaling.type: expected "none", "linear" or "yarn", got "longrope"/,
  );
  expect(() => scaling(type("yarn"))).toThrow(/original_context_length: expected a whole number from 1, there is no/);

  // Llama 3.2's divisors at head_dim 64, theta 500000, as its converter writes them: factor 32, 1, 4, 8192.
  const head = { "llama.attention.key_length": u32(64) };
  const factors = Array<number>(32).fill(1, 0, 15).fill(32, 18);
  const wavelength = (i: number) => 2 * Math.PI * 500000 ** (i / 32);
  for (const i of [15, 16, 17]) {
    const smooth = (8192 / wavelength(i) - 1) / 3;
    factors[i] = 1 / ((1 - smooth) / 32 + smooth);
  }
  const withFactors = (values: readonly number[]) => scaling(head, [vector("rope_freqs.weight", values)]);
  expect(withFactors(factors)).toEqual({
    rope_type: "llama3",
    factor: 32,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  });
  expect(() => withFactors(factors.with(16, 3))).toThrow(/entry 16 of 32: expected .*, got 3/);
  expect(() => withFactors(factors.slice(16))).toThrow(/rope_freqs.weight is not Llama 3's/);
  expect(open({ ...tinyGguf() }).tensors.has("rope_freqs.weight")).toBe(false);
});

test("a name that the architecture does not know stays as it is", () => {
  const parts = tinyGguf();
  const checkpoint = open({ ...parts, tensors: [...parts.tensors, vector("blk.0.mystery.weight", [1, 2])] });
  expect(checkpoint.tensors.has("blk.0.mystery.weight")).toBe(true);
  checkpoint.close();
});

test("files that are not GGUF, or cut off anywhere", () => {
  expect(errorWith({ magic: "GGML" })).toMatch(/expected a GGUF file/);
  expect(errorWith({ version: 1 })).toMatch(/expected GGUF version 2 or 3, got 1;/);
  expect(errorWith({ version: 0x03000000 })).toMatch(/big-endian/);
  expect(errorOf(new Uint8Array(0))).toMatch(/expected a GGUF file/);
  const whole = ggufBytes(tinyGguf());
  for (let length = 0; length < whole.length - 128; length += length < 1500 ? 11 : 3001)
    expect(errorOf(whole.subarray(0, length))).toMatch(/expected a GGUF file|damaged or cut off|are beyond the file's/);
});

test("counts and metadata that lie", () => {
  expect(errorWith({ numTensors: 2n ** 60n })).toMatch(
    /the number of tensors at byte 8 is 1152921504606846976, more than/,
  );
  expect(errorWith({ numKeys: 2n ** 40n })).toMatch(/the number of metadata keys at byte 16/);
  const huge = ggufBytes(tinyGguf());
  huge.writeBigUInt64LE(2n ** 62n, huge.indexOf("tokenizer.ggml.scores") + "tokenizer.ggml.scores".length + 8);
  expect(errorOf(huge)).toMatch(/the length of the array of "tokenizer.ggml.scores" at byte \d+ is 46116860/);
  const twice = ggufBytes(tinyGguf());
  twice.write("tokenizer.ggml.bos_token_id", twice.indexOf("tokenizer.ggml.eos_token_id"));
  expect(errorOf(twice)).toMatch(/"tokenizer.ggml.bos_token_id" appears twice/);
  const badType = ggufBytes(tinyGguf());
  badType.writeUInt32LE(99, badType.indexOf("llama.block_count") + "llama.block_count".length);
  expect(errorOf(badType)).toMatch(/"llama.block_count" has type 99/);
  const deep = Buffer.alloc(12 * 5000);
  for (let at = 0; at < deep.length; at += 12) deep.writeBigUInt64LE(1n, deep.writeUInt32LE(9, at));
  const key = Buffer.from("a");
  const head = ggufBytes({ metadata: {}, tensors: [], numKeys: 1n }).subarray(0, 24);
  expect(
    errorOf(Buffer.concat([head, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), key, Uint8Array.of(9, 0, 0, 0), deep])),
  ).toMatch(/nests arrays deeper than 4/);
  expect(errorWithKey("general.alignment", u32(24))).toMatch(
    /expected general.alignment to be a power of two .* got 24/,
  );
  expect(errorWithKey("general.alignment", string("x"))).toMatch(/got "x"/);
  expect(errorWithKey("split.count", u32(3))).toMatch(/one of 3 parts; merge them/);
});

test("tensors that lie", () => {
  const base = tinyGguf().tensors;
  const errorWithTensor = (...more: GgufTensorField[]) => errorWith({ tensors: [...base, ...more] });
  const tensor = vector("x.weight", [1, 2, 3, 4]);
  expect(errorWithTensor({ ...tensor, shape: [2n ** 40n, 2n ** 40n] })).toMatch(
    /"x.weight": f32 \[.*\]: more bytes than 2\^53/,
  );
  expect(errorWithTensor({ ...tensor, shape: [2n ** 63n] })).toMatch(/is not a whole number/);
  expect(errorWithTensor({ ...tensor, shape: [100000] })).toMatch(
    /400000 bytes at \d+ are beyond the file's \d+; download/,
  );
  expect(errorWithTensor({ ...tensor, shape: [1, 1, 1, 1, 4] })).toMatch(/5 dimensions, expected at most 4/);
  expect(errorWithTensor({ ...tensor, type: 2 })).toMatch(/rows of 4 are not whole blocks of 32 \(q4_0\)/);
  expect(errorWithTensor({ ...tensor, type: 23 })).toMatch(
    /type 23 \(IQ4_XS\) is not supported; supported: f32, f16, q4_0/,
  );
  expect(errorWithTensor({ ...tensor, type: 77 })).toMatch(/type 77 is not supported/);
  expect(errorWithTensor({ ...tensor, offset: 64 })).toMatch(/"x.weight" at \d+ overlaps "token_embd.weight"/);
  expect(errorWithTensor({ ...tensor, offset: 7 })).toMatch(/offset 7 is not a multiple of 32/);
  expect(errorWithTensor({ ...tensor, offset: 2n ** 64n - 32n })).toMatch(/are beyond the file's/);
  expect(errorWithTensor(tensor, tensor)).toMatch(/"x.weight" appears twice/);
  expect(errorWithTensor({ ...tensor, type: 77 }, { ...vector("y", [1]), type: 23 })).toMatch(
    /2 problems:\n.*"x.*\n.*"y"/,
  );
  expect(errorWithTensor(vector("model.norm.weight", [1]))).toMatch(/"model.norm.weight" appears twice/);
});

test("metadata that does not make a config", () => {
  expect(errorWithKey("general.architecture", string("llamma"))).toMatch(
    /"llamma" is not supported in GGUF; supported: llama, qwen2, smollm3; closest: "llama"/,
  );
  expect(errorWithKey("general.architecture", string("constructor"))).toMatch(/is not supported/);
  expect(errorWithKey("general.architecture", undefined)).toMatch(/expected a string general.architecture, got none/);
  expect(errorWithKey("llama.embedding_length", undefined)).toMatch(
    /llama.embedding_length: expected .*, there is no such key/,
  );
  expect(errorWithKey("llama.embedding_length", u32(33))).toMatch(/33 is not a multiple of head_count 4/);
  expect(errorWithKey("llama.block_count", u32(1e9))).toMatch(
    /block_count is 1000000000, but there are only 20 tensors/,
  );
  expect(errorWithKey("llama.attention.head_count", u32(32))).toMatch(
    /expected its 32 rows to be 32 heads of an even size/,
  );
  expect(errorWithKey("llama.attention.head_count_kv", { type: "array", items: "u32", value: [1, 2] })).toMatch(
    /expected the same number for every layer, got an array of 2/,
  );
  expect(errorWithKey("llama.attention.layer_norm_rms_epsilon", f32(NaN))).toMatch(/expected a finite number, got NaN/);
  expect(errorWithKey("tokenizer.ggml.eos_token_id", string("2"))).toMatch(
    /eos_token_id: expected a token id, got "2"/,
  );
});

test("a folder with one .gguf", () => {
  const folder = join(root, "folder");
  mkdirSync(folder);
  writeFileSync(join(folder, "a.gguf"), ggufBytes(tinyGguf()));
  writeFileSync(join(folder, "tokenizer.json"), "{}");
  writeFileSync(join(folder, "generation_config.json"), '{"temperature": 0.5}');
  const checkpoint = openCheckpoint(folder);
  expect(checkpoint.path).toBe(join(folder, "a.gguf"));
  expect(checkpoint.generationConfig).toEqual({ temperature: 0.5 });
  checkpoint.close();
  copyFileSync(join(folder, "a.gguf"), join(folder, "b.gguf"));
  expect(() => openCheckpoint(folder)).toThrow(/has 2 .gguf files; give one of them: "a.gguf", "b.gguf"/);
});
