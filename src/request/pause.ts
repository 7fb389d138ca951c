/** Pausing and sleeping: the words for it, as vLLM has them. */

/** What becomes of requests that run when generation is paused: ended, waited for, or held where they are. */
export const PAUSE_MODES = ["abort", "wait", "keep"] as const;
export type PauseMode = (typeof PAUSE_MODES)[number];

/** Which requests get into steps: all, only those that have begun, none. */
export type PauseState = "unpaused" | "paused_new" | "paused_all";

/** 1 gives back the KV cache's memory, 2 the weights' too. */
export type SleepLevel = 1 | 2;

/** What can be woken by itself; a weight's or the KV cache's memory. */
export const WAKE_TAGS = ["weights", "kv_cache"] as const;
export type WakeTag = (typeof WAKE_TAGS)[number];
