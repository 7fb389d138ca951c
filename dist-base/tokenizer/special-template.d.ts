import type { StepJson, TokenizerJson } from "./tokenizer-json.js";
import type { Vocabulary } from "./vocabulary.js";
/** Ids put around the ids of a text when special tokens are asked for. */
export interface SpecialTemplate {
    prefix: number[];
    suffix: number[];
}
/**
 * Reads the template from a tokenizer.json's post-processor.
 * @throws CheckpointError for an unknown or damaged post-processor
 */
export declare function specialTemplate(step: StepJson | null, where: string): SpecialTemplate;
/** What tokenizer_config.json says about BOS and EOS; undefined where it is silent. */
export interface SpecialFlags {
    addBosToken?: boolean | undefined;
    addEosToken?: boolean | undefined;
    bosToken?: string | undefined;
    eosToken?: string | undefined;
}
/**
 * The template in force: explicit flags replace the post-processor's (a flag left out then counts as false), as in
 * Transformers' TokenizersBackend.
 */
export declare function resolveTemplate(json: TokenizerJson, flags: SpecialFlags, vocabulary: Vocabulary, where: string): SpecialTemplate;
