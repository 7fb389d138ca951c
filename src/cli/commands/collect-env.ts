/** `quire collect-env`: machine and installation, for reports of faults. */
import type { Command } from "commander";
import { processEnvironment } from "../../config/environment.js";

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  command.option("--json", "Print JSON.");
  return async (_args, version) => {
    const { collectEnv, showEnv } = await import("../../tools/collect-env.js");
    const environment = await collectEnv(version, processEnvironment());
    const { json } = command.opts<{ json?: true }>();
    process.stdout.write(json === true ? `${JSON.stringify(environment, null, 2)}\n` : showEnv(environment));
    return 0;
  };
}
