/** The tables of quantization schemes: how published checkpoints store their weights, and what `--quantization` does to plain ones. */
import { ConfigError, UnsupportedError } from "../util/errors.js";
import type { LinearMethod } from "../layers/linear-method.js";
import { unquantized } from "../layers/linear-method.js";
import { showValue } from "../util/text.js";
import type { ActivationRule } from "./activation-rule.js";
import { awq } from "./awq.js";
import { bitsandbytes } from "./bitsandbytes.js";
import type { CheckpointScheme } from "./checkpoint-scheme.js";
import { compressedTensors } from "./compressed-tensors.js";
import { fp8 } from "./fp8.js";
import { gptq } from "./gptq.js";
import { int8 } from "./int8.js";
import { mxfp4 } from "./mxfp4.js";
import { roundedInputs } from "./rounded-inputs.js";

/** By `quant_method`. */
export const checkpointSchemes: Readonly<
  Record<string, (config: Readonly<Record<string, unknown>>) => CheckpointScheme>
> = {
  awq,
  bitsandbytes,
  "compressed-tensors": compressedTensors,
  fp8,
  gptq,
  mxfp4,
};

/** By `--quantization`. */
const onlineSchemes: Readonly<Record<string, LinearMethod>> = { int8 };

/**
 * The scheme of a checkpoint; undefined for one that is not quantized.
 *
 * @param config `quantization_config` of config.json
 * @throws ConfigError, UnsupportedError naming the schemes that there are
 */
export function checkpointScheme(config: unknown): CheckpointScheme | undefined {
  if (config === undefined || config === null) return undefined;
  if (typeof config !== "object" || Array.isArray(config))
    throw new ConfigError(`config.json: quantization_config must be an object; got ${showValue(config)}`);
  const method = (config as { quant_method?: unknown }).quant_method;
  const known = Object.keys(checkpointSchemes);
  const scheme = typeof method === "string" && known.includes(method) ? checkpointSchemes[method] : undefined;
  if (!scheme)
    throw new UnsupportedError(
      `config.json: quantization_config has quant_method ${showValue(method)}, which is not read; known: ${known.join(", ")}`,
    );
  return scheme(config as Record<string, unknown>);
}

/**
 * Chooses a method for each linear layer.
 *
 * @param online `--quantization`
 * @param scheme the checkpoint's own
 * @param rules  what becomes of the inputs of its matrices, by their names without ".weight"
 * @throws UnsupportedError naming the schemes that there are
 */
export function linearMethodByPrefix(
  online: string | undefined,
  scheme: CheckpointScheme | undefined,
  rules: ReadonlyMap<string, ActivationRule>,
): (prefix: string) => LinearMethod {
  if (online === undefined || online === scheme?.name) {
    const method = rules.size > 0 ? roundedInputs(scheme!.name, rules) : unquantized;
    return () => method;
  }
  const method = onlineSchemes[online];
  if (!method)
    throw new UnsupportedError(`--quantization ${online}: not known; known: ${Object.keys(onlineSchemes).join(", ")}`);
  if (scheme)
    throw new UnsupportedError(
      `--quantization ${online}: this checkpoint is quantized already (${scheme.name}); leave it out`,
    );
  return () => method;
}
