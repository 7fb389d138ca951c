/** The table of platforms, and the choice among them. */
import { statSync } from "node:fs";
import { UnsupportedError } from "../util/errors.js";
import type { Platform } from "./platform.js";

export interface PlatformOptions {
  /** auto: cpu where its native part loads, else reference, with a warning. */
  readonly platform: "auto" | "cpu" | "reference";
  /** Threads that compute; undefined: physical cores within the limits of the process. */
  readonly cpuThreads?: number | undefined;
  /** Instruction set; undefined: the best of this machine. */
  readonly cpuIsa?: string | undefined;
}

/** Begins to load the modules of the usual platform; what is wrong is told by openPlatform. */
export function preloadPlatform(): void {
  for (const loading of [
    import("./native-binding.js"),
    import("./cpu/cpu-platform.js"),
    import("./cpu/default-threads.js"),
  ])
    loading.catch(() => undefined);
}

/**
 * @throws UnsupportedError when the platform that was asked for cannot run here, with the reason
 */
export async function openPlatform(options: PlatformOptions, warn: (line: string) => void): Promise<Platform> {
  if (options.platform !== "reference") {
    const { tryLoadNativeBinding } = await import("./native-binding.js");
    const loaded = tryLoadNativeBinding();
    // One that is stale was meant to be used: building again mends it, and no slow platform hides it.
    const isMeant = loaded.binding !== undefined || loaded.reason === "stale";
    if (isMeant || options.platform === "cpu" || options.cpuIsa !== undefined) {
      const { openCpuPlatform } = await import("./cpu/cpu-platform.js");
      const { tooManyThreads } = await import("./cpu/default-threads.js");
      const platform = openCpuPlatform({ threads: options.cpuThreads, isa: options.cpuIsa, warn });
      const why = options.cpuThreads === undefined ? undefined : tooManyThreads(options.cpuThreads);
      if (why !== undefined) warn(`WARNING: ${why}`);
      return platform;
    }
    warn(`WARNING: ${loaded.message}. Running on the reference platform: plain TypeScript, hundreds of times slower.`);
  }
  if (options.cpuIsa !== undefined)
    throw new UnsupportedError(
      `--cpu-isa ${options.cpuIsa} needs the native cpu platform; the reference platform has none`,
    );
  const { ReferencePlatform } = await import("./reference/reference-platform.js");
  return new ReferencePlatform();
}

/** The native kernels of this machine in words, for reports: where they are, or why not. */
export async function describeKernels(): Promise<Record<string, string>> {
  const { nativeBindingPath, tryLoadNativeBinding } = await import("./native-binding.js");
  const loaded = tryLoadNativeBinding();
  if (loaded.binding === undefined) return { "native kernels": loaded.message };
  const built = statSync(nativeBindingPath).mtime.toISOString();
  return {
    "native kernels": `${nativeBindingPath}, built ${built}`,
    "instruction sets": loaded.binding.isas().join(" "),
  };
}
