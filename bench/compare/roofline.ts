/** What a model's shape asks of the machine: bytes and operations of a step, and the rate they allow at most. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A Llama-like shape with weights and cache of two bytes a number. */
export interface ModelShape {
  /** Parameters of the layers' matrices and of the head. */
  readonly layerParameters: number;
  readonly headParameters: number;
  readonly numLayers: number;
  /** Width of all query heads together. */
  readonly queryWidth: number;
  /** Keys and values of one token, all layers. */
  readonly kvBytesPerToken: number;
}

/** What the machine gives: bytes per second of reading memory and floating-point operations per second. */
export interface Ceiling {
  readonly read: number;
  readonly peak: number;
}

/** Reads config.json of a Llama-like model. @throws Error if a field is missing */
export function modelShape(folder: string): ModelShape {
  const path = join(folder, "config.json");
  return shapeOf(JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>, path);
}

/** The same from the parsed file; `where` is for messages. @throws Error if a field is missing */
export function shapeOf(config: Record<string, unknown>, where = "config.json"): ModelShape {
  const field = (name: string, fallback?: number): number => {
    const value = config[name] ?? fallback;
    if (typeof value !== "number") throw new Error(`${where}: ${name}: expected a number, got ${String(value)}`);
    return value;
  };
  const hidden = field("hidden_size");
  const heads = field("num_attention_heads");
  const headDim = field("head_dim", hidden / heads);
  const [queryWidth, kvWidth] = [heads * headDim, field("num_key_value_heads", heads) * headDim];
  const numLayers = field("num_hidden_layers");
  const perLayer = 2 * hidden * queryWidth + 2 * hidden * kvWidth + 3 * hidden * field("intermediate_size");
  return {
    layerParameters: numLayers * perLayer,
    headParameters: hidden * field("vocab_size"),
    numLayers,
    queryWidth,
    kvBytesPerToken: 2 * 2 * numLayers * kvWidth,
  };
}

/** Tokens per second that one step for `batch` requests allows, each with `context` tokens in the cache. */
export function decodeCeiling(shape: ModelShape, batch: number, context: number, { read, peak }: Ceiling): number {
  const parameters = shape.layerParameters + shape.headParameters;
  const bytes = 2 * parameters + batch * context * shape.kvBytesPerToken;
  const operations = batch * (2 * parameters + attentionOperations(shape, context));
  return batch / Math.max(bytes / read, operations / peak);
}

/** Prompt tokens per second of one prompt; the head works for its last token alone. */
export function prefillCeiling(shape: ModelShape, numTokens: number, { read, peak }: Ceiling): number {
  const bytes = 2 * (shape.layerParameters + shape.headParameters);
  const attention = numTokens * attentionOperations(shape, numTokens / 2);
  const operations = 2 * shape.layerParameters * numTokens + 2 * shape.headParameters + attention;
  return numTokens / Math.max(bytes / read, operations / peak);
}

/** Of one query over `context` keys and values, all layers. */
function attentionOperations(shape: ModelShape, context: number): number {
  return 4 * shape.numLayers * shape.queryWidth * context;
}
