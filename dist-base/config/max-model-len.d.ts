import type { RawConfig } from "./raw-config.js";
/** Tokens (prompt and output) by config.json alone: the trained length, times the factor of a stretched rope; undefined: any. */
export declare function derivedMaxModelLen(raw: RawConfig): number | undefined;
/**
 * The length to run with: what was asked for, else what the model was made for.
 * @throws ConfigError if more is asked for than the model can take
 */
export declare function resolveMaxModelLen(raw: RawConfig, wanted: number | undefined): number;
