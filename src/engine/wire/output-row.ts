/** OutputRow: an EngineCoreOutput as a list without names, for a message that is sent in every step. */
import type { FinishReason, StopReason } from "../../request/finish-reason.js";
import type { TopLogprobs } from "../../request/model-runner-output.js";
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
  errorMessage: string | null,
];

export function outputToRow(output: EngineCoreOutput): OutputRow {
  const { requestId, newTokenIds, logprobs, promptLogprobs, finishReason, stopReason, numCachedTokens } = output;
  return [
    requestId,
    newTokenIds,
    finishReason,
    stopReason,
    numCachedTokens,
    logprobs && logprobs.map(logprobsToRow),
    promptLogprobs?.start ?? 0,
    promptLogprobs && promptLogprobs.rows.map(logprobsToRow),
    output.errorMessage,
  ];
}

export function outputFromRow(row: OutputRow): EngineCoreOutput {
  const [requestId, newTokenIds, finishReason, stopReason, numCachedTokens, logprobs, start, promptRows, errorMessage] =
    row;
  return {
    requestId,
    newTokenIds,
    logprobs: logprobs && logprobs.map(logprobsFromRow),
    promptLogprobs: promptRows && { start, rows: promptRows.map(logprobsFromRow) },
    finishReason,
    stopReason,
    errorMessage,
    numCachedTokens,
  };
}

function logprobsToRow({ tokenIds, logprobs, rank }: TopLogprobs): LogprobsRow {
  return [tokenIds, logprobs, rank];
}

function logprobsFromRow([tokenIds, logprobs, rank]: LogprobsRow): TopLogprobs {
  return { tokenIds, logprobs, rank };
}
