/** Messages between the engine and its grammar threads. Plain data; a thread works on them one after the other. */
import type { StructuredOutputs } from "../request/structured-outputs.js";
import type { GrammarSpec } from "./grammar-spec.js";
import type { PackedVocabulary } from "./vocabulary.js";

/** Those with an `id` are answered by a message with the same id. */
export type ToThread =
  | { readonly type: "vocabulary"; readonly id: number; readonly vocabulary: PackedVocabulary }
  /** Lowers and compiles for a vocabulary of single bytes: what is wrong with the grammar shows here. */
  | { readonly type: "check"; readonly id: number; readonly outputs: StructuredOutputs }
  /** For the vocabulary. */
  | { readonly type: "compile"; readonly id: number; readonly grammar: number; readonly spec: GrammarSpec }
  | { readonly type: "drop"; readonly grammars: readonly number[] }
  /** A matcher that has taken `tokens`; its mask goes to `shared`. */
  | {
      readonly type: "open";
      readonly id: number;
      readonly matcher: number;
      readonly grammar: number;
      /** Tokens that end the output, allowed where the grammar may end. */
      readonly stopTokenIds: readonly number[];
      readonly tokens: readonly number[];
      readonly shared: SharedArrayBuffer;
    }
  /** Matchers take a token each, and compute their next masks: pairs of matcher and token. */
  | { readonly type: "advance"; readonly id: number; readonly pairs: readonly number[] }
  | { readonly type: "close"; readonly matchers: readonly number[] };

export type FromThread =
  | {
      readonly type: "done";
      readonly id: number;
      readonly ms: number;
      readonly memoryBytes: number;
      readonly spec?: GrammarSpec;
    }
  /** `param`: the request's field that is at fault, where it is one's fault. */
  | { readonly type: "failed"; readonly id: number; readonly message: string; readonly param: string | null };

/** Words at the start of a matcher's shared memory; the mask follows. */
export const HEADER_WORDS = 4;
/** How many tokens the matcher has taken, once the mask for the next one is there. */
export const TAKEN = 0;
/** Bits of `State`. */
export const STATE = 1;
/** How long the mask took, in microseconds. */
export const MASK_TIME = 2;

export const State = {
  /** The output may end here. */
  mayEnd: 1,
  /** Nothing can follow. */
  complete: 2,
  /** A token was not allowed, or the thread could not go on. */
  failed: 4,
} as const;
