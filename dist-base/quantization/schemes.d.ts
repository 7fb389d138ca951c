/** The table of quantization schemes: which LinearMethod a linear layer gets, by its prefix. */
import type { LinearMethod } from "../layers/linear-method.js";
/**
 * Chooses a method for each linear layer.
 *
 * @param online `--quantization`
 * @param checkpointConfig `quantization_config` of config.json
 * @throws UnsupportedError naming the schemes that there are
 */
export declare function linearMethodByPrefix(online: string | undefined, checkpointConfig: unknown): (prefix: string) => LinearMethod;
