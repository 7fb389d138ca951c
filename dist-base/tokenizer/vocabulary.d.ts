import type { AddedToken, TokenizerJson } from "./tokenizer-json.js";
/** Tokens and ids of the model's own vocabulary and the added tokens. */
export interface TokenTable {
    /** Highest id + 1. */
    readonly size: number;
    tokenOf(id: number): string | undefined;
    idOf(token: string): number | undefined;
}
/** A vocabulary with the added tokens laid over the model's own. */
export declare class Vocabulary {
    #private;
    /** Highest id + 1. */
    readonly size: number;
    /** 1 where the id is a special token. */
    readonly special: Uint8Array;
    /** Ids of added tokens by content. */
    readonly added: Map<string, number>;
    constructor(table: TokenTable, addedTokens: readonly AddedToken[]);
    /** The vocabulary entry as stored; undefined for a hole and outside. */
    tokenOf(id: number): string | undefined;
    /** The id of a vocabulary entry, added tokens first. */
    idOf(token: string): number | undefined;
}
/** The table of a parsed tokenizer.json. @throws CheckpointError if an id is no whole number from 0 to 2^22 - 1 */
export declare function tableOfJson(json: TokenizerJson, where: string): TokenTable;
/** Whether a table may hold the id. */
export declare function isTokenId(id: number): boolean;
