/** A breakdown as text. */
import type { Breakdown } from "./breakdown.js";
/**
 * The table of one kind of step: ops, their sum, what else there is, and the step.
 *
 * @param title what the steps are: "decode, batch 16"
 */
export declare function breakdownTable(title: string, breakdown: Breakdown): string;
