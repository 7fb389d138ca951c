/** The fusions of the CPU platform, in the order in which they are tried. */
import type { Fusion } from "./fusion.js";

export const cpuFusions: readonly Fusion[] = [];
