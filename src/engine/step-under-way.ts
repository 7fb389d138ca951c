/** StepUnderWay: a step that the worker was given, until its results are taken up. */
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { PhaseTime } from "../request/step-profile.js";

export class StepUnderWay {
  readonly step: SchedulerOutput;
  /** When planning it began, in performance.now(). */
  readonly plannedMs: number;
  /** It was planned while another step was under way. */
  readonly isAhead: boolean;
  /** The core's own phases, if it is measured. */
  readonly phases: PhaseTime[] | undefined;
  /** From when on it may compute: when planning began, or when the step before ended. Undefined while that one runs. */
  beganMs: number | undefined;
  #isEnded = false;
  #result: ModelRunnerOutput | undefined;
  #failure: { readonly cause: unknown } | undefined;

  constructor(step: SchedulerOutput, given: Pick<StepUnderWay, "plannedMs" | "isAhead" | "phases">) {
    this.step = step;
    this.plannedMs = given.plannedMs;
    this.isAhead = given.isAhead;
    this.phases = given.phases;
    this.beganMs = given.isAhead ? undefined : given.plannedMs;
  }

  /** @param wake called when the results are there, or never will be */
  follow(computing: Promise<ModelRunnerOutput>, wake: () => void): void {
    computing.then(
      (result) => {
        this.#result = result;
        this.#isEnded = true;
        wake();
      },
      (cause: unknown) => {
        this.#failure = { cause };
        this.#isEnded = true;
        wake();
      },
    );
  }

  /** Its results are there, or it failed. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Of a step that has ended. @throws what the worker failed with */
  get result(): ModelRunnerOutput {
    if (this.#failure !== undefined) throw this.#failure.cause;
    return this.#result!;
  }
}
