/** config.json of a multimodal checkpoint: the fields of its text model stand in an object of their own. */
import type { RawConfig } from "./raw-config.js";
export interface TextConfig {
    /** All fields in one object, those of the text model over those of the whole. */
    readonly raw: RawConfig;
    /** Name of the object that the text model's fields stand in; undefined where they stand at the top. */
    readonly nestedIn: string | undefined;
}
/** The text model's config.json. */
export declare function textConfig(raw: RawConfig): TextConfig;
/**
 * What a tensor of a multimodal checkpoint is called in its text model: `model.language_model.norm.weight` and
 * `language_model.model.norm.weight` are `model.norm.weight`. Undefined for towers and projectors of other inputs.
 */
export declare function textTensorName(name: string): string | undefined;
