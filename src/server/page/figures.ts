/** What is told about an answer: tokens, tokens per second, time to the first one, why it ended. */
import type { Turn } from "./conversation.js";

/** Reasons for an end that need a word; "stop" is the usual one. */
const ENDS: Readonly<Record<string, string>> = {
  length: "cut off at the length limit",
  stopped: "stopped",
  abort: "ended by the server",
  "ended early": "the connection ended early",
  content_filter: "filtered",
};

/** Parts of the line under an answer. */
export function answerFigures(turn: Turn): string[] {
  const { promptTokens, completionTokens, cachedTokens, firstTokenMs, decodeMs } = turn.figures ?? {};
  const parts: string[] = [];
  if (completionTokens !== undefined) parts.push(`${completionTokens} ${completionTokens === 1 ? "token" : "tokens"}`);
  if (completionTokens !== undefined && decodeMs !== undefined && completionTokens > 1 && decodeMs > 0) {
    parts.push(`${round(((completionTokens - 1) / decodeMs) * 1000)} tokens/s`);
  }
  if (firstTokenMs !== undefined) parts.push(`first token after ${duration(firstTokenMs)}`);
  if (promptTokens !== undefined) {
    parts.push(`prompt ${promptTokens} tokens${cachedTokens ? `, ${cachedTokens} of them cached` : ""}`);
  }
  const end = turn.finishReason === undefined ? undefined : ENDS[turn.finishReason];
  if (end !== undefined) parts.push(end);
  return parts;
}

/** 0.8 ms, 120 ms, 1.25 s, 2 min 5 s */
export function duration(ms: number): string {
  if (ms === 0) return "0 ms";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** Three digits that matter. */
export function round(value: number): string {
  if (value === 0) return "0";
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
