/** Writes GGUF files for tests, right ones and, through raw numbers, wrong ones. */
import type { BlockLayout } from "../../src/tensor/storage-type.js";

/** A metadata value with its GGUF type. */
export type GgufField =
  | { type: "u32" | "i32" | "u64" | "i64" | "f32" | "f64" | "u8"; value: number | bigint }
  | { type: "bool"; value: boolean }
  | { type: "string"; value: string }
  | { type: "array"; items: GgufField["type"]; value: readonly unknown[] };

/** A tensor to be written. `type` is ggml's number; the offset is counted out where none is given. */
export interface GgufTensorField {
  name: string;
  /** Outermost first. */
  shape: readonly (number | bigint)[];
  type: number;
  data: Uint8Array;
  offset?: number | bigint;
}

/** A file: every part may be overridden with a lie. */
export interface GgufParts {
  metadata: Record<string, GgufField>;
  tensors: readonly GgufTensorField[];
  magic?: string;
  version?: number;
  numTensors?: bigint;
  numKeys?: bigint;
  alignment?: number;
}

const typeNumbers = { u8: 0, u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9, u64: 10, i64: 11, f64: 12 } as const;

/** Layouts of the types that tests write, by ggml's number. */
export const ggmlLayouts: Readonly<Record<number, BlockLayout>> = {
  0: { elements: 1, bytes: 4 },
  1: { elements: 1, bytes: 2 },
  2: { elements: 32, bytes: 18 },
  8: { elements: 32, bytes: 34 },
};

class Writer {
  private readonly parts: Buffer[] = [];
  length = 0;

  bytes(bytes: Uint8Array): void {
    this.parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.length += bytes.length;
  }

  u32(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    this.bytes(bytes);
  }

  u64(value: number | bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    this.bytes(bytes);
  }

  string(text: string): void {
    const bytes = Buffer.from(text);
    this.u64(bytes.length);
    this.bytes(bytes);
  }

  value(type: GgufField["type"], value: unknown, items?: GgufField["type"]): void {
    if (type === "string") this.string(value as string);
    else if (type === "bool" || type === "u8") this.bytes(Uint8Array.of(Number(value)));
    else if (type === "u32" || type === "i32") this.u32(Number(value));
    else if (type === "u64" || type === "i64") this.u64(value as number | bigint);
    else if (type === "f32") this.bytes(new Uint8Array(Float32Array.of(Number(value)).buffer));
    else if (type === "f64") this.bytes(new Uint8Array(Float64Array.of(Number(value)).buffer));
    else this.array(items!, value as readonly unknown[]);
  }

  /** Items that are arrays themselves are arrays of u32. */
  private array(items: GgufField["type"], value: readonly unknown[]): void {
    this.u32(typeNumbers[items]);
    this.u64(value.length);
    for (const item of value) this.value(items, item, "u32");
  }

  pad(alignment: number): void {
    this.bytes(new Uint8Array((alignment - (this.length % alignment)) % alignment));
  }

  finish(): Buffer<ArrayBuffer> {
    return Buffer.concat(this.parts);
  }
}

/** The bytes of a GGUF file. */
export function ggufBytes(parts: GgufParts): Buffer<ArrayBuffer> {
  const alignment = parts.alignment ?? 32;
  const writer = new Writer();
  writer.bytes(Buffer.from(parts.magic ?? "GGUF"));
  writer.u32(parts.version ?? 3);
  writer.u64(parts.numTensors ?? parts.tensors.length);
  writer.u64(parts.numKeys ?? Object.keys(parts.metadata).length);
  for (const [key, field] of Object.entries(parts.metadata)) {
    writer.string(key);
    writer.u32(typeNumbers[field.type]);
    writer.value(field.type, field.value, field.type === "array" ? field.items : undefined);
  }
  let offset = 0;
  for (const { name, shape, type, data, offset: given } of parts.tensors) {
    writer.string(name);
    writer.u32(shape.length);
    for (const size of [...shape].reverse()) writer.u64(size);
    writer.u32(type);
    writer.u64(given ?? offset);
    offset += Math.ceil(data.length / alignment) * alignment;
  }
  writer.pad(alignment);
  for (const { data } of parts.tensors) {
    writer.bytes(data);
    writer.pad(alignment);
  }
  return writer.finish();
}

const u32 = (value: number): GgufField => ({ type: "u32", value });

/** A whole small Llama: 2 layers, hidden 32, 4 heads over 2, every matrix in ggml type `type`; data counts up, byte by byte. */
export function tinyGguf(architecture = "llama", type = 0): GgufParts {
  const matrices: [string, number[]][] = [["token_embd", [8, 32]]];
  const vectors = ["output_norm"];
  for (const layer of [0, 1]) {
    const at = `blk.${layer}.`;
    vectors.push(`${at}attn_norm`, `${at}ffn_norm`);
    matrices.push([`${at}attn_q`, [32, 32]], [`${at}attn_k`, [16, 32]], [`${at}attn_v`, [16, 32]]);
    matrices.push([`${at}attn_output`, [32, 32]], [`${at}ffn_down`, [32, 64]]);
    matrices.push([`${at}ffn_gate`, [64, 32]], [`${at}ffn_up`, [64, 32]]);
  }
  const { elements, bytes } = ggmlLayouts[type]!;
  let seed = 0;
  const fill = (length: number): Uint8Array => {
    const data = new Uint8Array(length);
    for (let i = 0; i < length; i++) data[i] = i * 7 + (i >> 8) + seed;
    seed += 13;
    return data;
  };
  return {
    metadata: {
      "general.architecture": { type: "string", value: architecture },
      [`${architecture}.block_count`]: u32(2),
      [`${architecture}.context_length`]: u32(512),
      [`${architecture}.embedding_length`]: u32(32),
      [`${architecture}.feed_forward_length`]: u32(64),
      [`${architecture}.attention.head_count`]: u32(4),
      [`${architecture}.attention.head_count_kv`]: u32(2),
      [`${architecture}.attention.layer_norm_rms_epsilon`]: { type: "f32", value: 1e-5 },
      [`${architecture}.rope.freq_base`]: { type: "f32", value: 500000 },
      "tokenizer.ggml.tokens": {
        type: "array",
        items: "string",
        value: ["<s>", "</s>", "Ġa", "\ufeff", "", "f", "g", "h"],
      },
      "tokenizer.ggml.scores": { type: "array", items: "f32", value: [0, -1, -2.5, 0, 0, 0, 0, 0] },
      "tokenizer.ggml.token_type": { type: "array", items: "i32", value: [3, 3, 1, 1, 1, 1, 1, -1] },
      "tokenizer.ggml.add_bos_token": { type: "bool", value: true },
      "tokenizer.ggml.bos_token_id": u32(0),
      "tokenizer.ggml.eos_token_id": u32(1),
      "tokenizer.ggml.eot_token_id": u32(5),
    },
    tensors: [
      ...matrices.map(([name, shape]) => ({
        name: `${name}.weight`,
        shape,
        type,
        data: fill((shape[0]! * shape[1]! * bytes) / elements),
      })),
      ...vectors.map((name) => ({ name: `${name}.weight`, shape: [32], type: 0, data: fill(128) })),
    ],
  };
}
