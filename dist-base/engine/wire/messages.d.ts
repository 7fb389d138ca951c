/** The messages between the front and the engine core's process. All are plain data. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { ProgramPlace } from "../../plugins/program-place.js";
import type { StepProfile } from "../../request/step-profile.js";
import type { EngineCoreRequest, EngineCoreStats, UtilityCalls } from "../transport.js";
import type { LoadProgress, ModelInfo } from "../../worker/worker.js";
import type { ErrorData } from "./error-data.js";
import type { OutputRow } from "./output-row.js";
/** From the front. */
export type FrontMessage = 
/** Comes first. The config's model is a path. */
{
    readonly type: "start";
    readonly config: EngineConfig;
    readonly program: ProgramPlace;
} | {
    readonly type: "add";
    readonly requests: readonly EngineCoreRequest[];
} | {
    readonly type: "abort";
    readonly requestIds: readonly string[];
} | {
    readonly type: "call";
    readonly id: number;
    readonly name: keyof UtilityCalls;
}
/** Measure every step from now on, or no more. */
 | {
    readonly type: "profile";
    readonly on: boolean;
}
/** Answered by "pong" as soon as the event loop turns. */
 | {
    readonly type: "ping";
}
/** End the step under way, free the model, end. */
 | {
    readonly type: "close";
};
/** From the core's process. */
export type CoreMessage = {
    readonly type: "log";
    readonly line: string;
} | {
    readonly type: "progress";
    readonly progress: LoadProgress;
}
/** The model is loaded. `timeOrigin` is that of performance.now() there. */
 | {
    readonly type: "ready";
    readonly info: ModelInfo;
    readonly stats: CoreFigures;
    readonly timeOrigin: number;
}
/** The model could not be loaded; the process ends. */
 | {
    readonly type: "failed";
    readonly error: ErrorData;
} | {
    readonly type: "step";
    readonly step: StepMessage;
} | {
    readonly type: "answer";
    readonly id: number;
    readonly value: unknown;
} | {
    readonly type: "refusal";
    readonly id: number;
    readonly error: ErrorData;
} | {
    readonly type: "profile";
    readonly profile: StepProfile;
} | {
    readonly type: "pong";
}
/** The core died; the process ends. */
 | {
    readonly type: "death";
    readonly message: string;
    readonly cause: ErrorData;
};
/** Figures that are sent with every step. `recentSteps` is made by the front, which gets the time of every step. */
export type CoreFigures = Omit<EngineCoreStats, "recentSteps">;
/**
 * All that one step gave; and, where the front was slow to read, all that the steps since the last message gave. Sent too when the
 * core comes to rest, for the figures.
 */
export interface StepMessage {
    readonly outputs: readonly OutputRow[];
    readonly stats: CoreFigures;
    /** Wall and native milliseconds of each step, one after the other. */
    readonly times: readonly number[];
}
