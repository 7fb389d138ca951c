/** Typed access to the metadata of one architecture. */
import { CheckpointError } from "../util/errors.js";
import { describeValue, type GgufMetadata, type GgufValue } from "./gguf-value.js";

/** Reads keys of metadata; every method throws CheckpointError with key, value and what was expected. */
export class GgufFields {
  /** "llama": keys without a dot before their first word are those of the architecture. */
  readonly architecture: string;
  private readonly where: string;
  private readonly metadata: GgufMetadata;

  /** @throws CheckpointError if general.architecture is missing or no string */
  constructor(where: string, metadata: GgufMetadata) {
    this.where = where;
    this.metadata = metadata;
    const architecture = metadata.get("general.architecture");
    if (typeof architecture !== "string")
      throw new CheckpointError(
        `${where}: expected a string general.architecture, got ${architecture === undefined ? "none" : describeValue(architecture)}`,
      );
    this.architecture = architecture;
  }

  /** The value of `<architecture>.<key>`. */
  get(key: string): GgufValue | undefined {
    return this.metadata.get(`${this.architecture}.${key}`);
  }

  /** A whole number from 1 to 2^31 - 1. A list with one entry per layer is accepted if all are equal. */
  count(key: string): number {
    const value = this.optionalCount(key);
    if (value === undefined) throw this.wrong(key, "a whole number from 1", undefined);
    return value;
  }

  /** As `count`, undefined if the key is missing or 0. */
  optionalCount(key: string): number | undefined {
    let value = this.get(key);
    if (ArrayBuffer.isView(value)) {
      const first = value[0];
      if (first === undefined || !(value as Uint32Array).every((item) => item === first))
        throw this.wrong(key, "the same number for every layer", value);
      value = Number(first);
    }
    if (value === undefined || value === 0) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value >= 2 ** 31)
      throw this.wrong(key, "a whole number from 1", value);
    return value;
  }

  /** A finite number, undefined if missing. Of the decimals that a float32 stands for, the shortest: 1e-5, not 9.99999974e-6. */
  optionalNumber(key: string): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value)) throw this.wrong(key, "a finite number", value);
    return shortestDecimal(value);
  }

  number(key: string): number {
    const value = this.optionalNumber(key);
    if (value === undefined) throw this.wrong(key, "a finite number", undefined);
    return value;
  }

  optionalString(key: string): string | undefined {
    const value = this.get(key);
    if (value !== undefined && typeof value !== "string") throw this.wrong(key, "a string", value);
    return value;
  }

  /** The token id under `tokenizer.ggml.<name>_token_id`, undefined if missing. */
  tokenId(name: string): number | undefined {
    const key = `tokenizer.ggml.${name}_token_id`;
    const value = this.metadata.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= 2 ** 32)
      throw new CheckpointError(`${this.where}: metadata ${key}: expected a token id, got ${describeValue(value)}`);
    return value;
  }

  /** An error about one key of the architecture. */
  wrong(key: string, expected: string, value: GgufValue | undefined): CheckpointError {
    const got = value === undefined ? "there is no such key" : `got ${describeValue(value)}`;
    return new CheckpointError(
      `${this.where}: metadata ${this.architecture.slice(0, 40)}.${key}: expected ${expected}, ${got}`,
    );
  }

  /** An error about the file. */
  error(message: string): CheckpointError {
    return new CheckpointError(`${this.where}: ${message}`);
  }
}

function shortestDecimal(value: number): number {
  if (Math.fround(value) !== value) return value;
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}
