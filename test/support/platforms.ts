/** The platforms that can run here, with what forces each. */
import type { EngineOptions } from "../../src/config/engine-config.js";

export interface PlatformHere {
  readonly label: string;
  readonly options: Pick<EngineOptions, "platform" | "cpuIsa">;
}

export function platformsHere(): PlatformHere[] {
  return [{ label: "reference", options: { platform: "reference" } }];
}
