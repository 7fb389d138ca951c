/** The table of platforms, and the choice among them. */
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

/**
 * @throws UnsupportedError when the platform that was asked for cannot run here, with the reason
 */
export async function openPlatform(options: PlatformOptions, warn: (line: string) => void): Promise<Platform> {
  if (options.platform !== "reference") {
    try {
      const { openCpuPlatform } = await import("./cpu/cpu-platform.js");
      return openCpuPlatform({ threads: options.cpuThreads, isa: options.cpuIsa });
    } catch (error) {
      // Asked for by name, or built but unfit for what was asked: the user must know. Only a missing build falls back.
      const { isNativeMissing } = await import("./native-binding.js");
      if (options.platform === "cpu" || !isNativeMissing(error)) throw error;
      warn(
        `WARNING: ${(error as Error).message}; running on the reference platform, which is hundreds of times slower`,
      );
    }
  }
  if (options.cpuIsa !== undefined)
    throw new UnsupportedError(
      `--cpu-isa ${options.cpuIsa} needs the native cpu platform; the reference platform has none`,
    );
  const { ReferencePlatform } = await import("./reference/reference-platform.js");
  return new ReferencePlatform();
}
