import type { Fusion } from "./fusion.js";
export declare const cpuFusions: readonly Fusion[];
