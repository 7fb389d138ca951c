import type { KernelCall } from "./memory.js";
export declare function embedding({ inputs, outputs, number }: KernelCall): void;
