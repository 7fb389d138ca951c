/** How much of a model is affordable: a large one is cut to its first layers, and said so. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { RawConfig } from "../../config/raw-config.js";
import type { ConstructedModel } from "../../worker/load-model.js";
import { overrideConfig } from "../../worker/model-config.js";

/** Parameters of a model that is checked whole. */
const maxParameters = 400e6;

const layerFields = ["num_hidden_layers", "n_layer", "num_layers", "n_layers"];

/** A model cut to its first layers. */
export interface Cut {
  /** The options with what the config must say. */
  readonly config: EngineConfig;
  /** Tensors of the layers that are left out. */
  readonly ignored: readonly RegExp[];
  readonly layers: number;
  readonly of: number;
}

/** How many layers to keep: as many as asked for, else those that a large model can afford; undefined: all. */
export function affordableLayers({ parameters, raw }: ConstructedModel, asked: number | undefined): number | undefined {
  const all = layersOf(raw);
  if (all === undefined) return undefined;
  if (asked !== undefined) return asked < all ? asked : undefined;
  const count = parameters.declared.reduce((sum, { spec }) => sum + spec.shape.reduce((a, b) => a * b, 1), 0);
  return count <= maxParameters || all <= 2 ? undefined : 2;
}

/** The config for the first layers; lists with one entry a layer are cut too. */
export function cutModel(config: EngineConfig, { raw, nestedIn }: ConstructedModel, layers: number): Cut {
  const all = layersOf(raw)!;
  const overrides: Record<string, unknown> = {};
  for (const field of layerFields) if (raw[field] !== undefined) overrides[field] = layers;
  for (const [key, value] of Object.entries(raw))
    if (Array.isArray(value) && value.length === all) overrides[key] = value.slice(0, layers);
  const left = Array.from({ length: all - layers }, (_, i) => layers + i).join("|");
  // The first number in a name is the layer's.
  const ignored = [new RegExp(`^[^0-9]*\\.(?:${left})\\.`)];
  const hfOverrides = overrideConfig(
    config.hfOverrides,
    nestedIn === undefined ? overrides : { [nestedIn]: overrides },
  );
  return { config: { ...config, hfOverrides }, ignored, layers, of: all };
}

export function layersOf(raw: RawConfig): number | undefined {
  const value = layerFields.map((field) => raw[field]).find((count) => Number.isSafeInteger(count));
  return value as number | undefined;
}
