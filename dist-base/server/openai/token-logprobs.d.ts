/** Log-probabilities in the three forms of the API: completions, chat, and vLLM's prompt_logprobs. */
import type { Logprob, PositionLogprobs } from "../../engine/request-output.js";
/** Of one output of /v1/completions. */
export interface CompletionLogprobs {
    /** Where each token begins in the text, in characters. */
    text_offset: number[];
    token_logprobs: (number | null)[];
    tokens: string[];
    top_logprobs: (Record<string, number> | null)[];
}
/** One token of a chat message. */
export interface ChatTokenLogprob {
    token: string;
    logprob: number;
    bytes: readonly number[] | null;
}
/** Of one output of /v1/chat/completions. */
export interface ChatLogprobs {
    content: (ChatTokenLogprob & {
        top_logprobs: ChatTokenLogprob[];
    })[];
}
/** One position of `prompt_logprobs`: token id to its log-probability; null for the first token. */
export type PromptLogprobsJson = (Record<string, {
    logprob: number;
    rank: number;
    decoded_token: string | null;
}> | null)[];
/** How tokens are written. */
export interface TokenStyle {
    /** "token_id:17" instead of text. */
    readonly asIds: boolean;
    /** Text of a token whose log-probability is not known (the first of a prompt); absent without a tokenizer. */
    readonly decode?: ((id: number) => string) | undefined;
}
export declare function tokenText(id: number, logprob: Logprob | undefined, style: TokenStyle): string;
/**
 * @param positions  one map per token, the token itself first; null where there is none (the first token of a prompt)
 * @param num        alternatives asked for; the sampled token may come on top
 * @param offset     characters before the first token
 */
export declare function completionLogprobs(tokenIds: readonly number[], positions: readonly (PositionLogprobs | null)[], num: number, offset: number, style: TokenStyle): CompletionLogprobs;
export declare function chatLogprobs(tokenIds: readonly number[], positions: readonly PositionLogprobs[], num: number, style: TokenStyle): ChatLogprobs;
/** Null entries stay; `undefined` (not asked for) becomes null. */
export declare function promptLogprobsJson(positions: readonly (PositionLogprobs | null)[] | undefined): PromptLogprobsJson | null;
