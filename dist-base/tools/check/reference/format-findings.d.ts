/** Findings as text: the first in full, equal ones of other layers together. */
import type { Comparison } from "./compare.js";
import type { Finding } from "./session.js";
export declare function formatComparison(comparison: Comparison): string;
interface Group {
    readonly finding: Finding;
    readonly layers: number[];
}
/** Findings that differ in the layer's number alone. */
export declare function grouped(findings: readonly Finding[]): Group[];
export {};
