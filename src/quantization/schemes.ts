/** The table of quantization schemes: which LinearMethod a linear layer gets, by its prefix. */
import type { LinearMethod } from "../layers/linear-method.js";
import { unquantized } from "../layers/linear-method.js";
import { UnsupportedError } from "../util/errors.js";
import { int8 } from "./int8.js";

const onlineSchemes: Readonly<Record<string, LinearMethod>> = { int8 };

/**
 * Chooses a method for each linear layer.
 *
 * @param online `--quantization`
 * @param checkpointConfig `quantization_config` of config.json
 * @throws UnsupportedError naming the schemes that there are
 */
export function linearMethodByPrefix(
  online: string | undefined,
  checkpointConfig: unknown,
): (prefix: string) => LinearMethod {
  if (checkpointConfig !== undefined && checkpointConfig !== null) {
    const method = (checkpointConfig as { quant_method?: unknown }).quant_method;
    throw new UnsupportedError(
      `config.json: quantization_config has quant_method ${JSON.stringify(method)}; this version reads unquantized checkpoints ` +
        `and GGUF files, and can quantize while loading (--quantization ${Object.keys(onlineSchemes).join(" | ")})`,
    );
  }
  if (online === undefined) return () => unquantized;
  const method = onlineSchemes[online];
  if (!method)
    throw new UnsupportedError(`--quantization ${online}: not known; known: ${Object.keys(onlineSchemes).join(", ")}`);
  return () => method;
}
