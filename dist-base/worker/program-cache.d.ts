/** Compiled programs by shape, the least recently used ones dropped. */
import type { CompiledProgram } from "../platform/platform.js";
export declare class ProgramCache {
    private readonly programs;
    private readonly capacity;
    constructor(capacity: number);
    /** The program for `key`, made by `compile` when it is not there. */
    get(key: number, compile: () => CompiledProgram): CompiledProgram;
    clear(): void;
}
