import type { Fusion } from "./fusion.js";
export declare const addRmsNorm: Fusion;
