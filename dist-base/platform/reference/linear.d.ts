import type { KernelCall } from "./memory.js";
export declare function linear({ inputs, outputs }: KernelCall): void;
export declare function linearInt8({ inputs, outputs, text }: KernelCall): void;
