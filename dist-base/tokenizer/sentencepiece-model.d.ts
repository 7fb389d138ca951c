/** Kinds of pieces, numbered as in the file; GGUF uses the same numbers. */
export declare const PIECE_TYPE: {
    readonly normal: 1;
    readonly unknown: 2;
    readonly control: 3;
    readonly userDefined: 4;
    readonly unused: 5;
    readonly byte: 6;
};
export interface Piece {
    text: string;
    score: number;
    /** One of PIECE_TYPE. */
    type: number;
}
export interface SentencePieceModel {
    /** In order of id. */
    pieces: Piece[];
    algorithm: "unigram" | "bpe";
    byteFallback: boolean;
    /** Ids; -1 where the model has no such token. */
    unkId: number;
    bosId: number;
    eosId: number;
    padId: number;
    /** A space is put before the text. */
    addDummyPrefix: boolean;
    /** Leading, trailing and repeated spaces are dropped. */
    removeExtraWhitespaces: boolean;
    /** The compiled normalization table; empty for none. */
    charsmap: Uint8Array;
}
/**
 * Parses the bytes of a SentencePiece model.
 * @throws CheckpointError if they are damaged, or the algorithm is neither Unigram nor BPE
 */
export declare function parseSentencePiece(bytes: Uint8Array, where: string): SentencePieceModel;
