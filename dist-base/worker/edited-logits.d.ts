import { Program } from "../ops/program.js";
import type { CompiledProgram, Platform, RunTimes } from "../platform/platform.js";
import type { LogitsEditor } from "../sampling/logits-editor.js";
import type { SampledRow, Sampler, SamplingRow } from "../sampling/sampler.js";
import type { Tensor } from "../tensor/tensor.js";
/** A row to sample, and whose it is. */
export interface RequestedRow extends SamplingRow {
    readonly requestId: string;
}
export interface EditedLogitsParts {
    readonly platform: Platform;
    readonly sampler: Sampler;
    readonly editor: LogitsEditor;
    readonly vocabSize: number;
    /** Records the logits of the rows that were asked for. */
    readonly logits: (program: Program, numRows: number) => Tensor;
    readonly run: (programs: readonly CompiledProgram[]) => Promise<RunTimes>;
}
/** Runs such steps; its programs and its memory for logits are made when the first comes. */
export declare class EditedLogits {
    private readonly parts;
    private address;
    private capacity;
    constructor(parts: EditedLogitsParts);
    /** Whether any of the rows is changed. */
    concerns(rows: readonly RequestedRow[]): boolean;
    /**
     * @param before programs that run before the logits
     * @returns what the sampler chose, row by row
     */
    sample(before: readonly CompiledProgram[], rows: readonly RequestedRow[]): Promise<SampledRow[]>;
    dispose(): void;
    private isEdited;
    /** Log-probabilities of the tokens that were chosen, under the model's own logits. */
    private reportRaw;
    private sampleRows;
    /** Records a program, runs it after others, and forgets it: steps of this kind are slow anyway. */
    private once;
    private reserve;
    private read;
    private write;
}
