import { Program } from "../ops/program.js";
import type { CausalLM } from "../layers/causal-lm.js";
import type { Platform } from "../platform/platform.js";
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { WorkerProfile } from "../request/step-profile.js";
import type { Sampler } from "../sampling/sampler.js";
import type { LayerCaches } from "./layer-caches.js";
import type { StepBuffers } from "./step-buffers.js";
/** Rows whose logits are computed at once: bounds their memory when many prompt positions are wanted. */
export declare const logitsChunk = 64;
export interface ModelRunnerParts {
    readonly platform: Platform;
    readonly model: CausalLM;
    readonly buffers: StepBuffers;
    readonly sampler: Sampler;
    readonly caches: LayerCaches;
    readonly vocabSize: number;
    /** Where the hidden states of a step lie: [maxNumTokens, hiddenSize] f32. */
    readonly hidden: {
        readonly address: number;
        readonly size: number;
        readonly maxNumTokens: number;
    };
    readonly maxLogitsRows: number;
}
export declare class ModelRunner {
    private readonly parts;
    private readonly requests;
    private readonly forwardPrograms;
    private readonly logitsPrograms;
    private readonly editor;
    private readonly edited;
    private generation;
    /** Of a step that is measured, and after it until someone takes its profile. */
    private meter;
    constructor(parts: ModelRunnerParts);
    /** Records and compiles the smallest step: what is wrong with a model shows at the start. @throws ShapeError and others */
    warmUp(): void;
    /**
     * @param measure keeps a profile of the step for takeProfile()
     * @throws QuireError when a kernel fails
     */
    execute(step: SchedulerOutput, measure?: boolean): Promise<ModelRunnerOutput>;
    /** The profile of the last step, once; undefined if that was not measured. */
    takeProfile(): WorkerProfile | undefined;
    dispose(): void;
    private sequenceLengths;
    private takeUp;
    /** Uploads the step's tokens; returns the rows whose logits are wanted. */
    private fillBuffers;
    private wantRows;
    private prepareLogits;
    private forwardProgram;
    private compileLogits;
    /** The logits [numRows, vocabSize] of the rows in the buffers. */
    private recordLogits;
}
/** Records a model's forward for numTokens tokens; its result lands at `hiddenAddress`. */
export declare function recordForward({ model, buffers, caches }: Pick<ModelRunnerParts, "model" | "buffers" | "caches">, numTokens: number, hiddenAddress: number): Program & {
    hiddenSize: number;
};
