import type { EngineConfig } from "../../config/engine-config.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
import type { CheckResult } from "./result.js";
/** Constructs the model for each rank of two (three where it does not divide by two), and for one rank alone. */
export declare function checkShards(config: EngineConfig, instruments: ConstructionInstruments): Promise<CheckResult>;
