/** llama.cpp's tensor names to Hugging Face's. */
/** Stems (names less ".weight" or ".bias") of llama.cpp to those of Hugging Face; `{}` stands for the layer's number. */
export type GgufNameTable = Readonly<Record<string, string>>;
/** A decoder of Llama's form: pre-norm, separate q, k and v, gated MLP. */
export declare const decoderNames: GgufNameTable;
/** "blk.3.attn_q.weight" in its parts: stem "blk.{}.attn_q", layer "3", suffix ".weight". */
export declare function splitGgufName(name: string): {
    stem: string;
    layer: string | undefined;
    suffix: string;
};
/** The Hugging Face name, or the name itself where the table has none, so that it is reported as unexpected under its own name. */
export declare function huggingFaceName(table: GgufNameTable, name: string): string;
