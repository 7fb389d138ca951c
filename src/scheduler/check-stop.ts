/** When a request has enough tokens. Stop strings are looked for elsewhere, where text is made. */
import type { FinishReason, StopReason } from "../request/finish-reason.js";
import type { Request } from "../request/request.js";
import { endsInRepetition } from "./repetition.js";

/** Why a request stops. */
export interface Stop {
  readonly finishReason: FinishReason;
  readonly stopReason: StopReason;
}

const END_OF_SEQUENCE: Stop = Object.freeze({ finishReason: "stop", stopReason: null });
const LENGTH: Stop = Object.freeze({ finishReason: "length", stopReason: null });
const REPETITION: Stop = Object.freeze({ finishReason: "repetition", stopReason: "repetition_detected" });

/**
 * Whether the request's last output token ends it. To be asked after each single token. In this order: nothing before
 * `minTokens` (but the length that the model can take), the end-of-sequence ids unless `ignoreEos`, the stop token ids,
 * the lengths, the repetition.
 *
 * @param maxTotalTokens prompt and output together never get longer
 * @returns null to go on. The stop reason is null for the first end-of-sequence id and the lengths, the id itself for
 *          the other end-of-sequence ids and stop token ids
 */
export function checkStop(request: Request, maxTotalTokens: number): Stop | null {
  const { params, outputTokenIds, eosTokenIds } = request;
  const numOutput = outputTokenIds.length;
  const isFull = request.numTokens >= maxTotalTokens;
  if (numOutput === 0 || numOutput < params.minTokens) return isFull ? LENGTH : null;

  const last = outputTokenIds[numOutput - 1]!;
  if (!params.ignoreEos) {
    if (last === eosTokenIds[0]) return END_OF_SEQUENCE;
    if (eosTokenIds.includes(last)) return { finishReason: "stop", stopReason: last };
  }
  if (params.stopTokenIds.includes(last)) return { finishReason: "stop", stopReason: last };
  if (isFull || (params.maxTokens !== null && numOutput >= params.maxTokens)) return LENGTH;
  if (params.repetitionDetection !== null && endsInRepetition(outputTokenIds, params.repetitionDetection)) {
    return REPETITION;
  }
  return null;
}

/**
 * Whether the output tokens that steps under way sample fill a request up, whatever they are: it takes no further step.
 *
 * @param maxTotalTokens prompt and output together never get longer
 */
export function endsByLength(request: Request, maxTotalTokens: number): boolean {
  const { maxTokens, minTokens } = request.params;
  const numOutput = request.numOutputTokens + request.numOutputPlaceholders;
  return (
    request.numExpectedTokens >= maxTotalTokens || (maxTokens !== null && numOutput >= Math.max(maxTokens, minTokens))
  );
}
