/** MODEL and the engine's flags, shared by the commands that load a model. */
import type { Command } from "commander";
import type { EngineOptions } from "../config/engine-config.js";
import { ProgressBar } from "./progress-bar.js";
/** Adds MODEL and the flags; the result reads the options that were given and checks them. */
export declare function addEngineFlags(command: Command, only?: readonly string[]): (model?: string) => EngineOptions;
/** The options that were given, without secrets: for files that others may read. */
export declare function engineSettings(options: EngineOptions): Partial<EngineOptions>;
/** Shows a download on the bar. */
export declare function downloadProgress(bar: ProgressBar): ({ bytesDone, bytesTotal }: {
    bytesDone: number;
    bytesTotal: number;
}) => void;
/** Hooks that show loading on the bar, and the engine's lines above it. */
export declare function loadHooks(bar: ProgressBar): {
    log: (line: string) => void;
    progress: ({ phase, done, total }: {
        phase: string;
        done: number;
        total: number;
    }) => void;
};
