/** A GGUF file as a checkpoint: Hugging Face names, config and row order. */
import { closest } from "../util/closest.js";
import { CheckpointError } from "../util/errors.js";
import { ggufArchitectures, type GgufArchitecture } from "./gguf-architectures.js";
import { ggufGenerationConfig } from "./gguf-config.js";
import { GgufFields } from "./gguf-fields.js";
import { huggingFaceName, splitGgufName } from "./gguf-names.js";
import { readGguf, type GgufTensor } from "./gguf.js";
import type { GgufMetadata } from "./gguf-value.js";
import { quote } from "./problems.js";
import { RandomAccessFile } from "./random-access-file.js";
import { denseTensor, StoredCheckpoint, type SliceReader, type StoredTensor } from "./stored-checkpoint.js";
import type { Checkpoint, TensorInfo } from "./tensor-source.js";

/** A checkpoint that came from a GGUF file, with its metadata as it is (the tokenizer is in there). */
export interface GgufCheckpoint extends Checkpoint {
  readonly ggufMetadata: GgufMetadata;
}

/** True if the checkpoint came from a GGUF file. */
export function isGgufCheckpoint(checkpoint: Checkpoint): checkpoint is GgufCheckpoint {
  return "ggufMetadata" in checkpoint;
}

/** Rotary factors are half a head long; more is no rotary table. */
const maxRopeFactors = 4096;

/**
 * Opens one .gguf file. Tensors have Hugging Face names and row order; those that the architecture does not know keep
 * their own name.
 *
 * @param generationConfig used instead of what the metadata says, where there is a generation_config.json
 * @throws CheckpointError if the file is damaged, split, or of an architecture that is not known (the known ones are listed)
 */
export function openGguf(path: string, generationConfig?: Record<string, unknown>): GgufCheckpoint {
  const file = new RandomAccessFile(path);
  try {
    return assemble(file, generationConfig);
  } catch (error) {
    file.close();
    throw error;
  }
}

function assemble(file: RandomAccessFile, generationConfig: Record<string, unknown> | undefined): GgufCheckpoint {
  const { path } = file;
  const { metadata, tensors } = readGguf(file);
  const parts = metadata.get("split.count");
  if (typeof parts === "number" && parts > 1)
    throw new CheckpointError(
      `${path}: is one of ${parts} parts; merge them with llama.cpp's "llama-gguf-split --merge"`,
    );
  const fields = new GgufFields(path, metadata);
  const architecture = findArchitecture(path, fields.architecture);
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const ropeFactors = readRopeFactors(file, tensors);
  const config = architecture.config({ fields, shapes, ropeFactors });
  const kept = tensors.filter(({ name }) => !architecture.dropped.includes(name));
  const stored = new StoredCheckpoint({
    path,
    config,
    generationConfig: generationConfig ?? ggufGenerationConfig(fields),
    tensors: kept.map((tensor) => storedTensor(file, tensor, architecture, fields)),
    files: [file],
  });
  return Object.assign(stored, { ggufMetadata: metadata });
}

function findArchitecture(path: string, name: string): GgufArchitecture {
  if (Object.hasOwn(ggufArchitectures, name)) return ggufArchitectures[name]!;
  const known = Object.keys(ggufArchitectures);
  const [near] = name.length > 100 ? [] : closest(name, known);
  throw new CheckpointError(
    `${path}: general.architecture ${quote(name)} is not supported in GGUF; supported: ${known.join(", ")}${near === undefined ? "" : `; closest: ${quote(near)}`}`,
  );
}

function readRopeFactors(file: RandomAccessFile, tensors: readonly GgufTensor[]): Float32Array | undefined {
  const tensor = tensors.find(({ name }) => name === "rope_freqs.weight");
  if (tensor === undefined) return undefined;
  const [length] = tensor.shape;
  if (tensor.storage !== "f32" || tensor.shape.length !== 1 || length === 0 || length! > maxRopeFactors)
    throw new CheckpointError(
      `${file.path}: rope_freqs.weight: expected f32 [head_dim / 2], got ${tensor.storage} [${tensor.shape.join(", ")}]`,
    );
  const factors = new Float32Array(length!);
  file.readInto(tensor.position, tensor.byteLength, new Uint8Array(factors.buffer));
  return factors;
}

function storedTensor(
  file: RandomAccessFile,
  tensor: GgufTensor,
  architecture: GgufArchitecture,
  fields: GgufFields,
): StoredTensor {
  const name = huggingFaceName(architecture.names, tensor.name);
  const { storage, shape, byteLength, position } = tensor;
  const { stem } = splitGgufName(tensor.name);
  const isQuery = stem === "blk.{}.attn_q";
  const paired = architecture.pairedRotary && (isQuery || stem === "blk.{}.attn_k");
  const heads = !paired
    ? 0
    : ((isQuery ? undefined : fields.optionalCount("attention.head_count_kv")) ?? fields.count("attention.head_count"));
  const info = { name, storage, shape, byteLength, file: file.path };
  return paired ? unpairedRows(info, file, tensor, heads) : denseTensor(info, file, position);
}

/**
 * A tensor that is read with its rows in halves order, from a file that has them in pairs: row i of the first half of a head lies at 2i, row i of
 * the second half at 2i + 1. Rows stay whole, so any storage type will do.
 *
 * @param heads number of heads that the rows are divided into
 * @throws CheckpointError if the rows are not `heads` even parts
 */
export function unpairedRows(
  info: TensorInfo,
  file: RandomAccessFile,
  tensor: GgufTensor,
  heads: number,
): StoredTensor {
  const rows = tensor.shape[0] ?? 0;
  const headRows = rows / heads;
  if (rows === 0 || headRows % 2 !== 0)
    throw new CheckpointError(
      `${file.path}: tensor ${quote(tensor.name)}: expected its ${rows} rows to be ${heads} heads of an even size; head counts in the metadata are wrong`,
    );
  const rowBytes = tensor.byteLength / rows;
  const half = headRows / 2;
  const read: SliceReader = (offset, length, target, targetOffset) => {
    const end = offset + length;
    for (let at = offset; at < end;) {
      const row = Math.floor(at / rowBytes);
      const within = at - row * rowBytes;
      const bytes = Math.min(rowBytes - within, end - at);
      const inHead = row % headRows;
      const source = row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
      file.readInto(tensor.position + source * rowBytes + within, bytes, target, targetOffset + at - offset);
      at += bytes;
    }
  };
  return { info, read, place: { file, position: tensor.position, pairedRows: headRows } };
}
