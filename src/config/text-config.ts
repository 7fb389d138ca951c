/** config.json of a multimodal checkpoint: the fields of its text model stand in an object of their own. */
import type { RawConfig } from "./raw-config.js";
import { isObject, rawValue } from "./raw-config.js";

/** Names of that object. Source: HF PreTrainedConfig.get_text_config, and checkpoints with code of their own. */
const nestedNames = ["text_config", "llm_config", "language_config"] as const;

/** Fields that belong to the whole checkpoint; the text model's own are read where these are missing. */
const outerFields = [
  "architectures",
  "quantization_config",
  "compression_config",
  "dtype",
  "torch_dtype",
  "eos_token_id",
];

export interface TextConfig {
  /** All fields in one object, those of the text model over those of the whole. */
  readonly raw: RawConfig;
  /** Name of the object that the text model's fields stand in; undefined where they stand at the top. */
  readonly nestedIn: string | undefined;
}

/** The text model's config.json. */
export function textConfig(raw: RawConfig): TextConfig {
  const nestedIn = nestedNames.find((name) => isObject(raw[name]));
  if (nestedIn === undefined) return { raw, nestedIn };
  const inner = raw[nestedIn] as RawConfig;
  const merged: Record<string, unknown> = { ...raw, ...inner };
  for (const field of outerFields) merged[field] = rawValue(raw, field) ?? inner[field];
  return { raw: merged, nestedIn };
}

const textPrefixes = /^(model\.language_model\.|language_model\.model\.|llm\.model\.)/;
const innerPrefixes = /^(language_model|llm)\./;
const otherParts =
  /^(model\.)?(vision|visual|audio|speech|multi_modal|multimodal|mm|image|embed_vision|embed_audio|connector|mlp1)\w*\./;

/**
 * What a tensor of a multimodal checkpoint is called in its text model: `model.language_model.norm.weight` and
 * `language_model.model.norm.weight` are `model.norm.weight`. Undefined for towers and projectors of other inputs.
 */
export function textTensorName(name: string): string | undefined {
  if (textPrefixes.test(name)) return name.replace(textPrefixes, "model.");
  if (innerPrefixes.test(name)) return name.replace(innerPrefixes, "");
  return otherParts.test(name) ? undefined : name;
}
