/** What config.json, with overrides, says about the model: its class, its fields, and what a person should know of the choice. */
import type { RawConfig } from "../config/raw-config.js";
import type { TextConfig } from "../config/text-config.js";
import type { CausalLMClass } from "../layers/causal-lm.js";
/** config.json with `--hf-overrides` on top; objects are merged, everything else replaced. */
export declare function overrideConfig(raw: RawConfig, overrides: RawConfig): RawConfig;
/** The class for a config.json, overrides and all, and lines about how it was chosen. */
export declare function findModelClass(whole: RawConfig, note: string): Promise<{
    architecture: string;
    modelClass: CausalLMClass;
    remarks: string[];
}>;
/** The model's fields. @throws ConfigError that says so where they are nested */
export declare function parseFields(modelClass: CausalLMClass, { raw, nestedIn }: TextConfig): unknown;
/** A line for each override that is near to a field of config.json and not one: a new field may be meant, or a slip. */
export declare function unknownOverrides(published: RawConfig, overrides: RawConfig, path?: string): string[];
