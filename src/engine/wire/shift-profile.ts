/** Moves a StepProfile to another process's clock. */
import type { StepProfile } from "../../request/step-profile.js";

/** The same step with `shiftMs` added to all moments. Spans count from their run's start and stay. */
export function shiftProfile(step: StepProfile, shiftMs: number): StepProfile {
  const moved = <T extends { readonly startMs: number; readonly endMs: number }>(stretch: T): T => ({
    ...stretch,
    startMs: stretch.startMs + shiftMs,
    endMs: stretch.endMs + shiftMs,
  });
  return { ...moved(step), phases: step.phases.map(moved), runs: step.runs.map(moved) };
}
