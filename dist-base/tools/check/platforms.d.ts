/** Do the native platform and the reference platform give the same numbers, and if not, from which op on? */
import type { EngineConfig } from "../../config/engine-config.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
import type { CheckResult } from "./result.js";
/** One step of a few tokens in float32 on both, op by op. */
export declare function checkPlatforms(config: EngineConfig, instruments: ConstructionInstruments): Promise<CheckResult>;
