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

/** Metadata by key ("llama.block_count"), in the file's order. */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/** `7 (number)`, `array of 3`, ...: a value as shown in errors. */
export function describeValue(value: GgufValue): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
  if (typeof value === "object") return `an array of ${value.length}`;
  return String(value);
}
