/** GGUF metadata to config.json and generation_config.json as Hugging Face would have published them. */
import type { Shape } from "../tensor/shape.js";
import type { GgufFields } from "./gguf-fields.js";
/** The parts of a GGUF file that a config is made from. */
export interface GgufConfigSource {
    fields: GgufFields;
    /** Shapes by llama.cpp's name: what is there tells of biases and tied embeddings. */
    shapes: ReadonlyMap<string, Shape>;
    /** The values of `rope_freqs.weight`, undefined if the file has none. Few: half a head. */
    ropeFactors: Float32Array | undefined;
}
/** Fields that all decoders of Llama's form share. @throws CheckpointError if metadata is missing or contradicts itself */
export declare function decoderConfig(source: GgufConfigSource): Record<string, unknown>;
/** generation_config.json: all ids that end a turn or text, as llama.cpp stops at them. Undefined if the file names none. */
export declare function ggufGenerationConfig(fields: GgufFields): Record<string, unknown> | undefined;
/** True if the file has a bias for this tensor of the first layer. */
export declare function hasBias(source: GgufConfigSource, stem: string): boolean;
