/** Quantization by prefix: the model with every second layer in int8 must build, run, and give nearly the same numbers. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
import type { Worker } from "../../worker/worker.js";
import type { CheckResult } from "./result.js";
/** @param plain the same model without int8, loaded */
export declare function checkInt8(plain: Worker, config: EngineConfig, instruments: ConstructionInstruments): Promise<CheckResult>;
