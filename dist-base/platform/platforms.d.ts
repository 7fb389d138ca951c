import type { Platform } from "./platform.js";
export interface PlatformOptions {
    /** auto: cpu where its native part loads, else reference, with a warning. */
    readonly platform: "auto" | "cpu" | "reference";
    /** Threads that compute; undefined: physical cores within the limits of the process. */
    readonly cpuThreads?: number | undefined;
    /** Instruction set; undefined: the best of this machine. */
    readonly cpuIsa?: string | undefined;
}
/**
 * @throws UnsupportedError when the platform that was asked for cannot run here, with the reason
 */
export declare function openPlatform(options: PlatformOptions, warn: (line: string) => void): Promise<Platform>;
