/** References of rmsNorm and layerNorm. */
import type { KernelCall } from "./memory.js";
export declare function rmsNorm({ inputs, outputs, number }: KernelCall): void;
export declare function layerNorm({ inputs, outputs, number }: KernelCall): void;
