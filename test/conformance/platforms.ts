/** The platforms that conformance tests run on: the specification, and cpu with every instruction set that it has here. */
import { CpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import type { Platform } from "../../src/platform/platform.js";
import { tryLoadNativeBinding } from "../../src/platform/native-binding.js";
import { ReferencePlatform } from "../../src/platform/reference/reference-platform.js";

export interface ConformancePlatform {
  readonly label: string;
  /** `threads` only where the platform has any. */
  open(threads: number): Platform;
}

export function openReference(): Platform {
  return new ReferencePlatform();
}

/** Platforms to be compared with the reference, or why there are none. */
export function comparedPlatforms(): { platforms: ConformancePlatform[]; skipped: string[] } {
  const loaded = tryLoadNativeBinding();
  if (!loaded.binding) return { platforms: [], skipped: [`cpu: ${loaded.message}`] };
  const { binding } = loaded;
  const all = ["avx512_bf16", "avx512", "avx2", "neon", "portable"];
  const here = binding.isas();
  return {
    platforms: here.map((isa) => ({
      label: `cpu ${isa}`,
      open: (threads) => new CpuPlatform(binding, { isa, threads }),
    })),
    skipped: all
      .filter((isa) => !here.includes(isa))
      .map((isa) => `cpu ${isa}: this machine or build does not have it`),
  };
}
