import type { KernelCall } from "./memory.js";
export declare function causalConv1d({ inputs, outputs, text }: KernelCall): void;
export declare function selectiveScan({ inputs, outputs }: KernelCall): void;
export declare function ssdScan({ inputs, outputs, number }: KernelCall): void;
export declare function gatedRmsNorm({ inputs, outputs, number }: KernelCall): void;
