import type { EngineConfig } from "../../../config/engine-config.js";
import type { ConstructionInstruments } from "../../../worker/load-model.js";
import type { Finding, TapReport } from "./session.js";
export interface Comparison {
    readonly numTokens: number;
    /** Modules of the reference whose output the port makes of the same input. */
    readonly numAgreeing: number;
    /** In the order of the run. */
    readonly findings: readonly Finding[];
    /** Values that the model named by `tap`. */
    readonly taps: readonly TapReport[];
    /** Whether the logits were compared: not where the model is cut. */
    readonly hasLogits: boolean;
    /** What these tokens cannot tell. */
    readonly notes: readonly string[];
}
export interface CompareOptions {
    readonly instruments?: ConstructionInstruments;
    /** The model is cut to so many layers: what the reference computes after them is not compared. */
    readonly layers?: number | undefined;
}
/**
 * Runs in float32, op by op. `config` says which model; its limits are set here.
 * @throws CheckpointError when the dump is not one, or of another checkpoint; and what loading the model throws
 */
export declare function compareWithReference(config: EngineConfig, dumpPath: string, { instruments, layers }?: CompareOptions): Promise<Comparison>;
