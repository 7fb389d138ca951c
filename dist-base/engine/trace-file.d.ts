import type { EngineConfig } from "../config/engine-config.js";
import type { StepProfile } from "../request/step-profile.js";
import type { ModelInfo } from "../worker/worker.js";
/**
 * Looks whether `--profile` names a file that there can be, before anything is loaded. The file is not touched.
 * @throws ConfigError if its folder does not exist, or it is a folder
 */
export declare function checkProfileOption({ profile }: Pick<EngineConfig, "profile">): void;
/** Writes steps as they come. */
export declare class TraceFile {
    #private;
    /**
     * @param log gets a line when the trace ends before the engine does
     * @throws ConfigError when the file cannot be written
     */
    constructor(path: string, log: (line: string) => void, maxEvents?: number);
    /** Names the process and the first tracks. */
    describe(info: ModelInfo): void;
    /** Adds one step. */
    add(step: StepProfile): void;
    /** Writes what is left. Can be called again. */
    close(): void;
}
