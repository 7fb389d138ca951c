/** Sampling defaults that a model brings in its generation_config.json. */
import type { EngineConfig } from "../config/engine-config.js";
import type { SamplingParams } from "../request/sampling-params.js";
import type { ModelInfo } from "../worker/worker.js";
/**
 * What `--generation-config` and `--override-generation-config` set; empty for "vllm" without overrides.
 * @throws ConfigError if a value is out of its range
 */
export declare function defaultSamplingParams(config: Pick<EngineConfig, "generationConfig" | "overrideGenerationConfig">, info: Pick<ModelInfo, "generationConfig">): Partial<SamplingParams>;
