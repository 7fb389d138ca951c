/** An entry of `added_tokens`: matched in the text before the model sees it. */
export interface AddedToken {
    id: number;
    content: string;
    single_word: boolean;
    lstrip: boolean;
    rstrip: boolean;
    normalized: boolean;
    special: boolean;
}
/** A step (normalizer, pre-tokenizer, post-processor or decoder): a type and its own fields. */
export type StepJson = {
    type: string;
} & Record<string, unknown>;
/** Token to id (BPE, WordPiece, WordLevel), or [token, score] in order of id (Unigram). */
export type VocabularyJson = Record<string, number> | [string, number][];
export interface TokenizerJson {
    version: string;
    truncation: unknown;
    padding: unknown;
    added_tokens: AddedToken[];
    normalizer: StepJson | null;
    pre_tokenizer: StepJson | null;
    post_processor: StepJson | null;
    decoder: StepJson | null;
    model: {
        type?: string;
        vocab: VocabularyJson;
    } & Record<string, unknown>;
}
/** An added token with every flag off but those given. */
export declare function addedToken(id: number, content: string, flags?: Partial<AddedToken>): AddedToken;
/**
 * Checks the outline of a parsed tokenizer.json and fills absent parts with null.
 * @throws CheckpointError naming the part that is wrong
 */
export declare function checkTokenizerJson(value: unknown, where: string): TokenizerJson;
