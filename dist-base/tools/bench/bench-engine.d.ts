/** The engine of a benchmark: what is asked of it, and loading it by the clock. */
import type { EngineOptions } from "../../config/engine-config.js";
import { LLM } from "../../engine/llm.js";
import type { LLMHooks } from "../../engine/llm.js";
import type { ModelInfo } from "../../worker/worker.js";
/** What is done with each prompt. */
export interface BenchWork {
    /** Outputs of each prompt. */
    readonly n: number;
    readonly temperature: number;
    /** Whether text is made of the tokens. */
    readonly detokenize: boolean;
}
export interface EngineBenchOptions extends BenchWork {
    readonly engine: EngineOptions;
    readonly hooks?: LLMHooks;
    readonly onLoaded?: (info: ModelInfo, loadSeconds: number) => void;
}
/**
 * The loaded engine; the caller closes it.
 * @param defaults where the options choose nothing
 * @throws what loading throws
 */
export declare function openBenchEngine(options: EngineBenchOptions, defaults?: Partial<EngineOptions>): Promise<{
    llm: LLM;
    model: ModelInfo;
    loadSeconds: number;
}>;
