/** The GGUF architectures that Quire reads: one entry each. This is the only list of them. */
import { type GgufConfigSource } from "./gguf-config.js";
import { type GgufNameTable } from "./gguf-names.js";
/** What differs from one `general.architecture` to the next. */
export interface GgufArchitecture {
    /** config.json, from metadata. */
    config(source: GgufConfigSource): Record<string, unknown>;
    names: GgufNameTable;
    /** Tensors that config() has used up, or that nothing needs. */
    dropped: readonly string[];
    /** True if the converter put rows of q and k into rotary pairs (2i, 2i + 1); they are read back in halves (i, i + d/2). */
    pairedRotary: boolean;
}
export declare const ggufArchitectures: Readonly<Record<string, GgufArchitecture>>;
