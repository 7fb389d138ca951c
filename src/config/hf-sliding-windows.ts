/** Which layers have a sliding window, from config.json in its three spellings. */
import type { RawConfig } from "./raw-config.js";
import { rawValue, wrongField } from "./raw-config.js";

const layerTypes = ["full_attention", "sliding_attention"] as const;
type LayerType = (typeof layerTypes)[number];

export interface SlidingWindowDefaults {
  /** sliding_window where config.json has none; null there means none at all. */
  readonly window?: number;
  /** sliding_window_pattern where config.json has none: every pattern-th layer sees everything. Default 1: all do. */
  readonly pattern?: number;
  /** The flag without which no layer slides, and which is off where config.json has none (Qwen). */
  readonly enabledBy?: string;
  /** With a pattern: the layer from which on all see everything, and the field that may say so. */
  readonly end?: { readonly from: string; readonly fallback: number };
  /** Instead of a pattern: how many layers see everything before the first that slides, and the field that may say so. */
  readonly first?: { readonly from?: string; readonly fallback: number };
}

/**
 * One entry a layer: its window in tokens, undefined where it sees everything. layer_types says which layers slide; without it
 * sliding_window_pattern does: a number n (every n-th sees everything), or "LLLG" over and over (the last layer is always G).
 * @throws ConfigError for other layer types, a list of another length, or a layer that slides without sliding_window
 */
export function readSlidingWindows(
  raw: RawConfig,
  defaults: SlidingWindowDefaults = {},
): readonly (number | undefined)[] {
  const count = rawValue(raw, "num_hidden_layers");
  if (!Number.isSafeInteger(count) || (count as number) < 1 || (count as number) > 100_000)
    wrongField("num_hidden_layers", "a positive integer", count);
  const window = readWindow(raw, defaults);
  if (window !== undefined && (!Number.isSafeInteger(window) || (window as number) < 1))
    wrongField("sliding_window", "a positive integer or null", window);
  const types = rawValue(raw, "layer_types");
  const slides = types === undefined ? byPattern(raw, defaults, window) : byTypes(types, count as number);
  return Array.from({ length: count as number }, (_, layer) => {
    if (!slides(layer, count as number)) return undefined;
    if (window === undefined)
      wrongField("sliding_window", `a positive integer, as layer ${layer} is "sliding_attention"`, null);
    return window as number;
  });
}

function readWindow(raw: RawConfig, { enabledBy, window }: SlidingWindowDefaults): unknown {
  if (enabledBy !== undefined) {
    const enabled = rawValue(raw, enabledBy) ?? false;
    if (typeof enabled !== "boolean") wrongField(enabledBy, "true or false", enabled);
    if (!enabled) return undefined;
  }
  return Object.hasOwn(raw, "sliding_window") ? rawValue(raw, "sliding_window") : window;
}

type Slides = (layer: number, count: number) => boolean;

function byTypes(types: unknown, count: number): Slides {
  const isKnown = (type: unknown): type is LayerType => layerTypes.includes(type as LayerType);
  if (!Array.isArray(types) || types.length !== count)
    wrongField("layer_types", `a list of ${count} layer types (num_hidden_layers)`, types);
  const wrong = types.find((type) => !isKnown(type));
  if (wrong !== undefined) wrongField("layer_types", `a list of ${layerTypes.map((t) => `"${t}"`).join(", ")}`, wrong);
  return (layer) => types[layer] === "sliding_attention";
}

function byPattern(raw: RawConfig, defaults: SlidingWindowDefaults, window: unknown): Slides {
  if (window === undefined) return () => false;
  if (defaults.first) {
    const { from, fallback } = defaults.first;
    const first = from === undefined ? fallback : (rawValue(raw, from) ?? fallback);
    if (!Number.isSafeInteger(first)) wrongField(from!, "an integer", first);
    return (layer) => layer >= (first as number);
  }
  const end = defaults.end && (rawValue(raw, defaults.end.from) ?? defaults.end.fallback);
  if (end !== undefined && !Number.isSafeInteger(end)) wrongField(defaults.end!.from, "an integer", end);
  const pattern = rawValue(raw, "sliding_window_pattern") ?? defaults.pattern ?? 1;
  if (typeof pattern === "string" && /^[LG]+$/.test(pattern))
    return (layer, count) => layer !== count - 1 && pattern[layer % pattern.length] === "L";
  if (!Number.isSafeInteger(pattern) || (pattern as number) < 1)
    wrongField("sliding_window_pattern", 'a positive integer, or letters L and G such as "LLLG"', pattern);
  return (layer) => (layer + 1) % (pattern as number) !== 0 && (end === undefined || layer < (end as number));
}
