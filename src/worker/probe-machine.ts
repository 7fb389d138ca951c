/** What the machine gives at this moment, beside which the times of ops mean something. */
import type { Platform, ProbeKind } from "../platform/platform.js";
import type { MachineSpeed } from "../request/step-profile.js";

const ROUNDS = 3;

/** The best of a few rounds of each probe: the limit is what the machine can do. Undefined where the platform has no probes. */
export function probeMachine(platform: Platform): MachineSpeed | undefined {
  if (platform.probe === undefined) return undefined;
  const best = (what: ProbeKind): number =>
    Math.max(...Array.from({ length: ROUNDS }, () => platform.probe?.(what) ?? 0));
  return { bytesPerSecond: best("read"), flopsPerSecond: { f32: best("f32"), bf16: best("bf16") } };
}
