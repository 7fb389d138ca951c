/** What scripts/dump_reference.py writes: inputs and outputs of every module of a Hugging Face model, for one list of tokens. */
import { parseJsonObject } from "../../../checkpoint/json.js";
import { RandomAccessFile } from "../../../checkpoint/random-access-file.js";
import { readSafetensors } from "../../../checkpoint/safetensors.js";
import type { StoredTensor } from "../../../checkpoint/stored-checkpoint.js";
import { CheckpointError } from "../../../util/errors.js";

/** A module of the reference. */
export interface ReferenceModule {
  readonly class: string;
  /** Plain fields of the Python object: eps, scaling, sliding_window … */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Its own parameters: shape and first four values. */
  readonly weights: Readonly<Record<string, readonly [shape: number[], start: number[]]>>;
}

export interface DumpTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** 256 MB of what was read last is kept: values are compared again and again. */
const maxCachedElements = 2 ** 26;

/** An open dump. Calls are module names, the second call of a module "name#2"; the model itself is "". */
export class Dump {
  readonly path: string;
  readonly ids: readonly number[];
  /** In the order in which they began. */
  readonly calls: readonly string[];
  readonly modules: ReadonlyMap<string, ReferenceModule>;
  readonly config: Readonly<Record<string, unknown>>;
  private readonly file: RandomAccessFile;
  private readonly stored: ReadonlyMap<string, StoredTensor>;
  private readonly cache = new Map<string, DumpTensor>();
  private cachedElements = 0;
  private readonly keysOf = new Map<string, string[]>();

  /** @throws CheckpointError if the file is damaged or no dump of the script */
  constructor(path: string) {
    this.path = path;
    this.file = new RandomAccessFile(path);
    try {
      this.stored = new Map(readSafetensors(this.file).map((tensor) => [tensor.info.name, tensor]));
      const info = readInfo(this.file);
      [this.ids, this.calls, this.config] = [info.ids, info.calls, info.config];
      this.modules = new Map(Object.entries(info.modules));
      for (const key of this.stored.keys()) {
        const call = key.slice(0, key.lastIndexOf(":"));
        const keys = this.keysOf.get(call);
        if (keys) keys.push(key);
        else this.keysOf.set(call, [key]);
      }
    } catch (error) {
      this.file.close();
      throw error;
    }
  }

  /** Keys of a call's tensors: "name:in.0", "name:in.hidden_states", "name:out.0" … */
  keys(call: string): readonly string[] {
    return this.keysOf.get(call) ?? [];
  }

  /** As the reference had it; empty for an unknown key. */
  shape(key: string): readonly number[] {
    return this.stored.get(key)?.info.shape ?? [];
  }

  /** Whether a tensor holds whole numbers: ids, choices. */
  isInteger(key: string): boolean {
    return this.stored.get(key)?.info.storage === "i64";
  }

  /** Do not write to its values. @throws CheckpointError if there is no such tensor or the file cannot be read */
  tensor(key: string): DumpTensor {
    const known = this.cache.get(key);
    if (known) return known;
    const tensor = this.read(key);
    this.cachedElements += tensor.values.length;
    for (const [oldest, { values }] of this.cache) {
      if (this.cachedElements <= maxCachedElements) break;
      this.cache.delete(oldest);
      this.cachedElements -= values.length;
    }
    this.cache.set(key, tensor);
    return tensor;
  }

  private read(key: string): DumpTensor {
    const stored = this.stored.get(key);
    if (!stored) throw new CheckpointError(`${this.path}: no tensor "${key}"`);
    const { shape, byteLength, storage } = stored.info;
    const bytes = new Uint8Array(byteLength);
    stored.read(0, byteLength, bytes, 0);
    if (storage === "f32") return { shape, values: new Float32Array(bytes.buffer) };
    if (storage === "i64") return { shape, values: Float32Array.from(new BigInt64Array(bytes.buffer), Number) };
    throw new CheckpointError(
      `${this.path}: "${key}" is ${storage}; expected f32 or i64: write it with the script as it is`,
    );
  }

  /**
   * A tensor with one row a token, [numTokens * features] row-major; undefined where it has no such form, or another number of
   * features. Heads before tokens ([1, heads, tokens, headDim]) are put behind.
   */
  rows(key: string, features?: number): Float32Array | undefined {
    const numTokens = this.ids.length;
    const info = this.stored.get(key)?.info;
    if (!info) return undefined;
    const shape = [...info.shape];
    const total = shape.reduce((a, b) => a * b, 1);
    if (total % numTokens !== 0 || (features !== undefined && total !== numTokens * features)) return undefined;
    while (shape.length > 1 && shape[0] === 1) shape.shift();
    if (shape[0] === numTokens || total === numTokens) return this.tensor(key).values;
    if (shape.length === 3 && shape[1] === numTokens)
      return swapFirstTwo(this.tensor(key).values, shape as [number, number, number]);
    return undefined;
  }

  /** The class of a call's module. */
  classOf(call: string): string {
    return this.modules.get(moduleOf(call))?.class ?? "?";
  }

  close(): void {
    this.file.close();
  }
}

/** "name#2" -> "name". */
export function moduleOf(call: string): string {
  return call.replace(/#\d+$/, "");
}

function swapFirstTwo(values: Float32Array, [a, b, c]: [number, number, number]): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) out.set(values.subarray((i * b + j) * c, (i * b + j + 1) * c), (j * a + i) * c);
  return out;
}

interface DumpInfo {
  ids: number[];
  calls: string[];
  modules: Record<string, ReferenceModule>;
  config: Record<string, unknown>;
}

function readInfo(file: RandomAccessFile): DumpInfo {
  const length = Number(new DataView(file.readBytes(0, 8).buffer).getBigUint64(0, true));
  const header = parseJsonObject(file.readBytes(8, length), `${file.path}: header`);
  const text = (header["__metadata__"] as Record<string, unknown> | undefined)?.["quire"];
  const wrong = (what: string): CheckpointError =>
    new CheckpointError(
      `${file.path}: ${what}; make the dump with the script that quire check --print-dump-script prints`,
    );
  if (typeof text !== "string") throw wrong("it has no description of a reference run");
  const info = parseJsonObject(new TextEncoder().encode(text), `${file.path}: its description`) as unknown as DumpInfo;
  const { ids, calls, modules } = info;
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id) => Number.isSafeInteger(id) && id >= 0))
    throw wrong("its token ids are not a list of numbers");
  if (!Array.isArray(calls) || typeof modules !== "object" || modules === null || Array.isArray(modules))
    throw wrong("its list of calls or modules is missing");
  for (const module of Object.values(modules))
    if (
      typeof module?.class !== "string" ||
      typeof module.weights !== "object" ||
      typeof module.attributes !== "object"
    )
      throw wrong("a module has no class, weights or attributes");
  return { ids, calls, modules, config: info.config ?? {} };
}
