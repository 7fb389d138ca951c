import type { Prefix } from "./prefix.js";
/** @throws ConfigError unless every size is a positive integer */
export declare function checkSizes(prefix: Prefix, sizes: Readonly<Record<string, number>>): void;
/** @throws ConfigError unless `value` is a finite number */
export declare function checkNumber(prefix: Prefix, name: string, value: number): void;
/** @throws ConfigError unless `value` is one of `allowed` */
export declare function checkOneOf<T extends string>(prefix: Prefix, name: string, value: T, allowed: readonly T[]): void;
