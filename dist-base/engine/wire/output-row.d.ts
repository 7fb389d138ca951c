/** OutputRow: an EngineCoreOutput as a list without names, for a message that is sent in every step. */
import type { FinishReason, StopReason } from "../../request/finish-reason.js";
import type { EngineCoreOutput } from "../transport.js";
/** Token ids, log-probabilities, rank. */
type LogprobsRow = readonly [tokenIds: number[], logprobs: number[], rank: number];
/** The fields in a fixed order. */
export type OutputRow = readonly [
    requestId: string,
    newTokenIds: number[],
    finishReason: FinishReason | null,
    stopReason: StopReason,
    numCachedTokens: number,
    logprobs: readonly LogprobsRow[] | null,
    promptStart: number,
    promptLogprobs: readonly LogprobsRow[] | null,
    errorMessage: string | null
];
export declare function outputToRow(output: EngineCoreOutput): OutputRow;
export declare function outputFromRow(row: OutputRow): EngineCoreOutput;
export {};
