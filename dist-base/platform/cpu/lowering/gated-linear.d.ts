import type { Fusion } from "./fusion.js";
export declare const gatedLinear: Fusion;
