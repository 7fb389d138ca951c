import type { KernelCall } from "./memory.js";
export declare function headLinear({ inputs, outputs }: KernelCall): void;
