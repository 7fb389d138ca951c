/** Reference of rotaryEmbedding: pairs (a, b) become (a cos - b sin, b cos + a sin). */
import type { KernelCall } from "./memory.js";
export declare function rotaryEmbedding({ inputs, outputs, text }: KernelCall): void;
