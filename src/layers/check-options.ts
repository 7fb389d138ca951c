/** Checks of what layers are constructed with: undeclared config fields arrive here as undefined where nobody ran tsc. */
import { ConfigError } from "../util/errors.js";
import type { Prefix } from "./prefix.js";

const hint = "if it comes from config.json, declare it in hfConfig";

/** @throws ConfigError unless every size is a positive integer */
export function checkSizes(prefix: Prefix, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes))
    if (!Number.isSafeInteger(size) || size < 1)
      throw new ConfigError(`${prefix.name}: ${name} must be a positive integer, got ${size}; ${hint}`);
}

/** @throws ConfigError unless `value` is a finite number */
export function checkNumber(prefix: Prefix, name: string, value: number): void {
  if (!Number.isFinite(value)) throw new ConfigError(`${prefix.name}: ${name} must be a number, got ${value}; ${hint}`);
}

/** @throws ConfigError unless `value` is one of `allowed` */
export function checkOneOf<T extends string>(prefix: Prefix, name: string, value: T, allowed: readonly T[]): void {
  if (!allowed.includes(value))
    throw new ConfigError(`${prefix.name}: ${name} must be one of ${allowed.join(", ")}, got ${value}; ${hint}`);
}
