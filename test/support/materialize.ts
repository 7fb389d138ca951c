/** Writes whole checkpoints for tests: golden cases from their recipe (weights.json), and small safetensors files. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** One tensor for `writeSafetensors`; dtype as safetensors names it ("F32"). */
export interface RawTensor {
  dtype: string;
  shape: readonly number[];
  data: Uint8Array;
}

/** weights.json: every weight as a function of seed, name and index. */
interface Recipe {
  seed: number;
  /** Name to [shape, offset, scale]. */
  tensors: Record<string, [number[], number, number]>;
}

const copied = [
  "config.json",
  "generation_config.json",
  "golden.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "weights.json",
];

/** Writes model.safetensors into outDir by the recipe in caseDir/weights.json, and copies the other files of the case. */
export function materialize(caseDir: string, outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  for (const name of copied) if (existsSync(join(caseDir, name))) copyFileSync(join(caseDir, name), join(outDir, name));
  const recipe = JSON.parse(readFileSync(join(caseDir, "weights.json"), "utf8")) as Recipe;
  const tensors: Record<string, RawTensor> = {};
  for (const [name, [shape, offset, scale]] of Object.entries(recipe.tensors)) {
    const values = recipeValues(name, shape, offset, scale, recipe.seed);
    tensors[name] = { dtype: "F32", shape, data: new Uint8Array(values.buffer) };
  }
  writeSafetensors(join(outDir, "model.safetensors"), tensors);
}

/** The weights of one tensor, bit for bit those that the goldens were computed from. */
export function recipeValues(
  name: string,
  shape: readonly number[],
  offset: number,
  scale: number,
  seed: number,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(shape.reduce((count, size) => count * size, 1));
  const start = Math.imul(fnv1a32(name), 0x9e3779b9) + Math.imul(seed, 0x85ebca6b);
  for (let i = 0; i < values.length; i++) {
    let x = (i + start) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x ^= x >>> 16;
    values[i] = offset + scale * (((x >>> 0) / 2 ** 32) * 2 - 1);
  }
  return values;
}

function fnv1a32(name: string): number {
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}

/** Writes a valid safetensors file with the tensors in the given order. */
export function writeSafetensors(path: string, tensors: Record<string, RawTensor>): void {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  writeSafetensorsRaw(
    path,
    JSON.stringify(header),
    Object.values(tensors).map(({ data }) => data),
  );
}

/** Writes a safetensors file with any header text, right or wrong; the header is padded with spaces to a multiple of 8. */
export function writeSafetensorsRaw(path: string, header: string, data: readonly Uint8Array[]): void {
  const text = new TextEncoder().encode(header);
  const padded = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(text, 8);
  if (data.length === 0) return writeFileSync(path, padded);
  const file = openSync(path, "w");
  try {
    for (const bytes of [padded, ...data]) for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } finally {
    closeSync(file);
  }
}
