/** `quire inspect`: what a model is made of, what it needs, and what would not fit. Reads headers only. */
import type { EngineConfig } from "../config/engine-config.js";
/** One parameter, as it will lie in memory. */
export interface InspectedParameter {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly bytes: number;
    readonly sources: readonly InspectedSource[];
}
/** A tensor of the checkpoint that fills rows of a parameter: its name and how it is stored. */
export interface InspectedSource {
    readonly name: string;
    readonly storage: string;
    /** The rows that it becomes. */
    readonly rows: readonly [number, number];
    /** In how many runs they are taken: more than one where the checkpoint has them in another order. */
    readonly runs: number;
}
export interface Inspection {
    readonly architecture: string;
    readonly dtype: string;
    readonly numParameters: number;
    readonly weightBytes: number;
    readonly parameters: readonly InspectedParameter[];
    /** Tensors of the checkpoint that are left out on purpose. */
    readonly ignored: readonly string[];
    /** What does not fit between model and checkpoint; undefined when all is well. */
    readonly problem: string | undefined;
    readonly maxModelLen: number;
    readonly kvBytesPerToken: number;
    /** The most that one request of full length holds at a time; windows give back what left them. */
    readonly kvBytesPerRequest: number;
    readonly freeBytes: number;
    /** The KV cache's arithmetic, or why it would not fit. */
    readonly kvCache: string;
}
/**
 * Constructs the model and matches it with its checkpoint, without reading weights.
 * @throws ConfigError, CheckpointError or UnsupportedError when the model cannot be constructed at all
 */
export declare function inspectModel(given: EngineConfig): Promise<Inspection>;
/** `1.50 GiB`, `812 KiB`. */
export declare function formatBytes(bytes: number): string;
/** The inspection as text for a terminal. */
export declare function formatInspection(model: string, inspection: Inspection): string;
