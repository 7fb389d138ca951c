/** Breakdown: where the time of a kind of step goes, op by op, beside what the machine could do. */
import type { MachineSpeed, StepProfile } from "../../request/step-profile.js";
/** One kind of op, all layers together; figures of one step. */
export interface BreakdownRow {
    readonly kind: string;
    /** Calls in a step. */
    readonly count: number;
    /** From the end of the op before to this op's end: with the wait for its slowest thread. */
    readonly microseconds: number;
    /** Of the step, 0..1. */
    readonly share: number;
    /** Time in which threads had nothing to do in it, on average over the threads. */
    readonly waitingMicroseconds: number;
    readonly bytes: number;
    readonly flops: number;
    /** The time that its bytes at the probed bandwidth or its operations at the probed peak would take, whichever is longer. */
    readonly rooflineMicroseconds: number | undefined;
}
/** Time of a step outside its ops. */
export interface BreakdownRest {
    readonly name: string;
    readonly microseconds: number;
    readonly share: number;
}
/** All figures are means over the middle half of the steps by their wall time, so that rows add up to the step. */
export interface Breakdown {
    /** Steps that were measured; half of them count. */
    readonly numSteps: number;
    readonly numTokens: number;
    readonly numRequests: number;
    /** Of the engine's step: from the start of scheduling to the end of taking up the results. */
    readonly stepMicroseconds: number;
    /** Longest first. */
    readonly ops: readonly BreakdownRow[];
    /** All ops together. */
    readonly opsMicroseconds: number;
    readonly opsShare: number;
    /** Of that: threads waiting at the end of an op, on average over the threads. */
    readonly waitingMicroseconds: number;
    /** What is left of the step, longest first. JavaScript counts as far as the native program does not run meanwhile. */
    readonly rest: readonly BreakdownRest[];
    readonly speed: MachineSpeed | undefined;
}
/** The steps that decode alone, one token for each request, with the number of requests that is most common. */
export declare function decodeSteps(steps: readonly StepProfile[]): StepProfile[];
/** The steps that compute prompts, of the size that is most common. */
export declare function prefillSteps(steps: readonly StepProfile[]): StepProfile[];
/**
 * @param steps measured steps of one kind, as decodeSteps() gives them; steps that had to compile count only if all had to
 * @param speed what Engine.probe() gave; without it there is no roofline
 * @returns     undefined without steps
 */
export declare function breakdown(steps: readonly StepProfile[], speed?: MachineSpeed): Breakdown | undefined;
