/** StepMeter: takes the times of one step of a worker. */
import type { SequenceLengths } from "../ops/cost.js";
import type { CompiledProgram, Platform, RunTimes } from "../platform/platform.js";
import type { PhaseTime, WorkerProfile } from "../request/step-profile.js";
/** Made at a step's start, and in a phase from then on. */
export declare class StepMeter {
    #private;
    constructor(sequences: readonly SequenceLengths[], startMs: number);
    /** Ends the phase under way and begins another, or none. */
    enter(name: PhaseTime["name"] | undefined): void;
    /** Runs programs, measured; afterwards the phase is "collect". */
    run(platform: Platform, programs: readonly CompiledProgram[]): Promise<RunTimes>;
    /** What was measured. Works out costs, so it is called when nobody waits for the step any more. */
    profile(): WorkerProfile;
}
