/** Why a request ended. */
/**
 * - `stop`: an end-of-sequence id, a stop token id or a stop string
 * - `length`: `maxTokens` or the model's length was reached
 * - `abort`: the caller gave up
 * - `error`: this request failed in the engine or the worker; others are not affected
 * - `repetition`: the output's tail repeats itself (`repetitionDetection`)
 */
export type FinishReason = "stop" | "length" | "abort" | "error" | "repetition";
/**
 * What exactly stopped a request: a stop token id, a stop string, `"repetition_detected"`, or null (the end-of-sequence
 * id, the length, an abort).
 */
export type StopReason = number | string | null;
