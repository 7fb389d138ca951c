/** Typed access to the metadata of one architecture. */
import { CheckpointError } from "../util/errors.js";
import { type GgufMetadata, type GgufValue } from "./gguf-value.js";
/** Reads keys of metadata; every method throws CheckpointError with key, value and what was expected. */
export declare class GgufFields {
    /** "llama": keys without a dot before their first word are those of the architecture. */
    readonly architecture: string;
    private readonly where;
    private readonly metadata;
    /** @throws CheckpointError if general.architecture is missing or no string */
    constructor(where: string, metadata: GgufMetadata);
    /** The value of `<architecture>.<key>`. */
    get(key: string): GgufValue | undefined;
    /** A whole number from 1 to 2^31 - 1. A list with one entry per layer is accepted if all are equal. */
    count(key: string): number;
    /** As `count`, undefined if the key is missing or 0. */
    optionalCount(key: string): number | undefined;
    /** A finite number, undefined if missing. Of the decimals that a float32 stands for, the shortest: 1e-5, not 9.99999974e-6. */
    optionalNumber(key: string): number | undefined;
    number(key: string): number;
    optionalString(key: string): string | undefined;
    /** The token id under `tokenizer.ggml.<name>_token_id`, undefined if missing. */
    tokenId(name: string): number | undefined;
    /** An error about one key of the architecture. */
    wrong(key: string, expected: string, value: GgufValue | undefined): CheckpointError;
    /** An error about the file. */
    error(message: string): CheckpointError;
}
