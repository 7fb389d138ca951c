/** References of add, mul, scale, softcap, clamp, copy, activation, gatedActivation and gatherRows. */
import type { KernelCall } from "./memory.js";
/** Error function, Abramowitz and Stegun 7.1.26 is too coarse; this is the series and continued fraction to double. */
export declare function erf(x: number): number;
/** Activation functions by name, in double. */
export declare const activationFunctions: Record<string, (x: number) => number>;
export declare function add({ inputs, outputs }: KernelCall): void;
/** b may have one element a row. */
export declare function mul({ inputs, outputs }: KernelCall): void;
export declare function softcap({ inputs, outputs, number }: KernelCall): void;
export declare function clamp({ inputs, outputs, number }: KernelCall): void;
export declare function scale({ inputs, outputs, number }: KernelCall): void;
export declare function copy({ inputs, outputs }: KernelCall): void;
export declare function activation({ inputs, outputs, text }: KernelCall): void;
export declare function gatedActivation({ inputs, outputs, text }: KernelCall): void;
export declare function gatherRows({ inputs, outputs }: KernelCall): void;
