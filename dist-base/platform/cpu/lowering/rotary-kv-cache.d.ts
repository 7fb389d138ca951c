import type { Fusion } from "./fusion.js";
export declare const rotaryKVCache: Fusion;
