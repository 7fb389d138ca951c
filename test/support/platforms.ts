/** The platforms that can run here, with what forces each. */
import type { EngineOptions } from "../../src/config/engine-config.js";
import { availableIsas } from "../../src/platform/cpu/cpu-platform.js";
import { tryLoadNativeBinding } from "../../src/platform/native-binding.js";

export interface PlatformHere {
  readonly label: string;
  readonly options: Pick<EngineOptions, "platform" | "cpuIsa">;
}

/** reference, and the native CPU platform once for every instruction set of this machine (none when it is not built). */
export function platformsHere(): PlatformHere[] {
  const load = tryLoadNativeBinding();
  // Its tests would be left out in silence.
  if (load.binding === undefined && load.reason === "stale") throw new Error(load.message);
  const isas = load.binding ? availableIsas() : [];
  return [
    { label: "reference", options: { platform: "reference" } },
    ...isas.map((isa) => ({
      label: `cpu ${isa}`,
      options: { platform: "cpu", cpuIsa: isa } as PlatformHere["options"],
    })),
  ];
}
