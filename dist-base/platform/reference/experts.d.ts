import type { KernelCall } from "./memory.js";
export declare function expertLinear({ inputs, outputs }: KernelCall): void;
export declare function expertLinearInt8({ inputs, outputs, text }: KernelCall): void;
export declare function combineExperts({ inputs, outputs }: KernelCall): void;
