/** Reference of clampedSwiglu. */
import type { KernelCall } from "./memory.js";
export declare function clampedSwiglu({ inputs, outputs, number }: KernelCall): void;
