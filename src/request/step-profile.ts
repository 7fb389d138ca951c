/** StepProfile: where one measured step spent its time. Plain data, in milliseconds of performance.now(). */
import type { Spans } from "../util/spans.js";

/** A stretch of JavaScript. Phases of a step follow one another; what lies between them is waiting or native work. */
export interface PhaseTime {
  readonly name: "schedule" | "prepare" | "compile" | "collect" | "update" | "outputs";
  readonly startMs: number;
  readonly endMs: number;
}

/** One kernel call of a step. */
export interface OpProfile {
  /** What it does, alike in every layer: `linear qkv_proj`, `add+rmsNorm`. */
  readonly kind: string;
  /** Full name of the module that recorded it. */
  readonly scope: string;
  /** `f32[16, 576], bf16[960, 576] -> f32[16, 960]` */
  readonly shapes: string;
  /** The least that must be moved and computed; see src/ops/cost.ts. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly flops: number;
  /** The peak to compare with: bf16 where products are of bf16 values. */
  readonly arithmetic: "f32" | "bf16";
}

/** One native run of a step. */
export interface RunProfile extends Spans {
  readonly startMs: number;
  readonly endMs: number;
  readonly ops: readonly OpProfile[];
}

/** What the worker knows of a step. */
export interface WorkerProfile {
  readonly phases: readonly PhaseTime[];
  readonly runs: readonly RunProfile[];
}

/** A whole step of the engine. */
export interface StepProfile extends WorkerProfile {
  /** Counts the engine's steps from 0. */
  readonly step: number;
  /**
   * The times of steps do not overlap: one that was planned while another computed begins when that one's native run ends, and a step
   * behind which another waits ends with its own. Its phases may lie outside.
   */
  readonly startMs: number;
  readonly endMs: number;
  /** Tokens that it computed, and requests that they belong to. */
  readonly numTokens: number;
  readonly numRequests: number;
  /** Tokens that it sampled. */
  readonly numSampled: number;
  /** Requests after it. */
  readonly numRunning: number;
  readonly numWaiting: number;
}

/** What the machine gives at a moment, all threads together. */
export interface MachineSpeed {
  /** A plain read of memory. */
  readonly bytesPerSecond: number;
  /** Multiply-adds (two operations each) without memory. */
  readonly flopsPerSecond: Readonly<Record<OpProfile["arithmetic"], number>>;
}
