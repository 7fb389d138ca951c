/** Sampling defaults that a model brings in its generation_config.json. */
import type { EngineConfig } from "../config/engine-config.js";
import type { SamplingParams } from "../request/sampling-params.js";
import { normalizeSamplingParams } from "../request/sampling-params.js";
import { ConfigError } from "../util/errors.js";
import type { ModelInfo } from "../worker/worker.js";

/** The fields that are heeded, and what they are called here. Source: vLLM `get_diff_sampling_param`. */
const FIELDS = {
  repetition_penalty: "repetitionPenalty",
  temperature: "temperature",
  top_k: "topK",
  top_p: "topP",
  min_p: "minP",
  max_new_tokens: "maxTokens",
} as const satisfies Record<string, keyof SamplingParams>;

/**
 * What `--generation-config` and `--override-generation-config` set; empty for "vllm" without overrides.
 * @throws ConfigError if a value is out of its range
 */
export function defaultSamplingParams(
  config: Pick<EngineConfig, "generationConfig" | "overrideGenerationConfig">,
  info: Pick<ModelInfo, "generationConfig">,
): Partial<SamplingParams> {
  const stored = config.generationConfig === "vllm" ? {} : (info.generationConfig ?? {});
  const source: Record<string, unknown> = { ...stored, ...config.overrideGenerationConfig };
  const defaults: Record<string, unknown> = {};
  for (const [theirs, ours] of Object.entries(FIELDS)) {
    if (source[theirs] !== undefined && source[theirs] !== null) defaults[ours] = source[theirs];
  }
  try {
    normalizeSamplingParams(defaults);
  } catch (cause) {
    throw new ConfigError(
      `generation_config.json: ${(cause as Error).message}; set it with --override-generation-config, or leave the ` +
        "file out with --generation-config vllm",
      { cause },
    );
  }
  return Object.freeze(defaults);
}
