/** What the machine gives at this moment, beside which the times of ops mean something. */
import type { Platform } from "../platform/platform.js";
import type { MachineSpeed } from "../request/step-profile.js";
/** The best of a few rounds of each probe: the limit is what the machine can do. Undefined where the platform has no probes. */
export declare function probeMachine(platform: Platform): MachineSpeed | undefined;
