/** Reference of topkRouting. */
import type { KernelCall } from "./memory.js";
export declare function topkRouting({ inputs, outputs, number, text }: KernelCall): void;
