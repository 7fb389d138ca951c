/** Values of GGUF metadata. */

/** An array of metadata: numbers come as the typed array of their GGUF type. */
export type GgufArray =
  | readonly string[]
  | readonly boolean[]
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array
  | readonly GgufArray[];

/** A metadata value. 64-bit integers are numbers where those are exact, else bigints. */
export type GgufValue = string | number | bigint | boolean | GgufArray;

/** Metadata by key ("llama.block_count"). */
export type GgufMetadata = Pick<ReadonlyMap<string, GgufValue>, "get" | "has">;

/** Metadata whose lists of strings (vocabulary, merges) are decoded when they are first asked for. */
export class LazyMetadata implements GgufMetadata {
  readonly #values = new Map<string, GgufValue | (() => GgufValue)>();

  has(key: string): boolean {
    return this.#values.has(key);
  }

  get(key: string): GgufValue | undefined {
    const found = this.#values.get(key);
    if (typeof found !== "function") return found;
    const value = found();
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: GgufValue | (() => GgufValue)): void {
    this.#values.set(key, value);
  }
}

/** Texts with their lengths in front, as u64 below 2^32; bytes that are no UTF-8 become U+FFFD. */
export function decodeTexts(bytes: Uint8Array<ArrayBuffer>, count: number): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const texts: string[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const start = at + 8;
    at = start + buffer.readUInt32LE(at);
    texts.push(buffer.toString("utf8", start, at));
  }
  return texts;
}

/** `7 (number)`, `array of 3`, ...: a value as shown in errors. */
export function describeValue(value: GgufValue): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
  if (typeof value === "object") return `an array of ${value.length}`;
  return String(value);
}
