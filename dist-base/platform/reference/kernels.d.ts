import type { ReferenceKernel } from "./memory.js";
export declare const referenceKernels: Readonly<Record<string, ReferenceKernel>>;
