/** Moves a StepProfile to another process's clock. */
import type { StepProfile } from "../../request/step-profile.js";
/** The same step with `shiftMs` added to all moments. Spans count from their run's start and stay. */
export declare function shiftProfile(step: StepProfile, shiftMs: number): StepProfile;
