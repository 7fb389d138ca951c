/** What config.json, with overrides, says about the model: its class, its fields, and what a person should know of the choice. */
import type { RawConfig } from "../config/raw-config.js";
import { isObject } from "../config/raw-config.js";
import { textConfig } from "../config/text-config.js";
import type { TextConfig } from "../config/text-config.js";
import type { CausalLMClass } from "../layers/causal-lm.js";
import { loadModelClass, namedArchitectures } from "../models/registry.js";
import { editDistance } from "../util/closest.js";
import { ConfigError } from "../util/errors.js";

/** config.json with `--hf-overrides` on top; objects are merged, everything else replaced. */
export function overrideConfig(raw: RawConfig, overrides: RawConfig): RawConfig {
  const merged: Record<string, unknown> = { ...raw };
  for (const [key, value] of Object.entries(overrides)) {
    const old = merged[key];
    const bothObjects = isObject(old) && isObject(value);
    merged[key] = bothObjects ? overrideConfig(old, value) : value;
  }
  return merged;
}

/** The class for a config.json, overrides and all, and lines about how it was chosen. */
export async function findModelClass(whole: RawConfig, note: string) {
  const { raw, nestedIn } = textConfig(whole);
  const named = namedArchitectures(raw.architectures, [raw.model_type, whole.model_type]);
  const found = await loadModelClass(named.names, note);
  const remarks: string[] = [];
  const { architecture } = found;
  if (named.modelType !== undefined)
    remarks.push(`config.json has no architectures; model_type "${named.modelType}" is taken as ${architecture}`);
  if (named.names.length > 1)
    remarks.push(
      `config.json names architectures ${named.names.join(", ")}; ${architecture} is the first one supported`,
    );
  if (nestedIn !== undefined)
    remarks.push(
      `${architecture} is the text model of config.json's ${nestedIn}; tensors for other inputs are not loaded`,
    );
  return { ...found, remarks };
}

/** The model's fields. @throws ConfigError that says so where they are nested */
export function parseFields(modelClass: CausalLMClass, { raw, nestedIn }: TextConfig): unknown {
  try {
    return modelClass.config.parse(raw);
  } catch (error) {
    if (nestedIn === undefined || !(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.message.replaceAll("config.json: ", `config.json: ${nestedIn}.`), { cause: error });
  }
}

/** A line for each override that is near to a field of config.json and not one: a new field may be meant, or a slip. */
export function unknownOverrides(published: RawConfig, overrides: RawConfig, path = ""): string[] {
  return Object.entries(overrides).flatMap(([key, value]) => {
    const old = published[key];
    if (Object.hasOwn(published, key))
      return isObject(old) && isObject(value) ? unknownOverrides(old, value, `${path}${key}.`) : [];
    const near = Object.keys(published).find((name) => editDistance(name, key) <= 2);
    return near ? [`--hf-overrides: config.json has no ${path}${key}, it is added; closest: ${path}${near}`] : [];
  });
}
