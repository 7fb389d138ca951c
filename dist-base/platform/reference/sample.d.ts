import type { KernelCall } from "./memory.js";
export declare function sample({ inputs, text }: KernelCall): void;
