/** Which op makes a request depend on its neighbours? Runs two prompts apart and together, and compares their rows op by op. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
/** "op of module", or undefined where the first step shows nothing. */
export declare function firstMixingOp(config: EngineConfig, instruments: ConstructionInstruments, tolerance: number): Promise<string | undefined>;
