/** The process that `quire bench startup` measures: loads, gives tokens, ends; says so as it goes. */
import type { EngineOptions } from "../../config/engine-config.js";
import type { StartupEvent } from "./startup.js";
export interface StartupWork {
    readonly inputLen: number;
    readonly outputLen: number;
}
/** @param tell takes each event, at once */
export declare function runStartupChild(engine: EngineOptions, work: StartupWork, tell: (event: StartupEvent) => void): Promise<void>;
