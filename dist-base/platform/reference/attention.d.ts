import type { KernelCall } from "./memory.js";
export declare function writeKVCache(call: KernelCall): void;
export declare function writeLatents(call: KernelCall): void;
export declare function pagedAttention(call: KernelCall): void;
export declare function mlaAttention(call: KernelCall): void;
