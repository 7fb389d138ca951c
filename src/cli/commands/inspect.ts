/** `quire inspect MODEL`: what a model is made of and what it needs, to standard output. */
import type { Command } from "commander";
import { parseEngineConfig } from "../../config/engine-config.js";
import { addEngineFlags } from "../engine-flags.js";
import { EXIT_ERROR } from "../exit.js";

export function define(command: Command): (args: readonly string[]) => Promise<number> {
  command.option("--json", "Print JSON.");
  const engine = addEngineFlags(command);
  return async ([model]) => {
    const options = engine(model);
    const { formatInspection, inspectModel } = await import("../../tools/inspect.js");
    const config = parseEngineConfig(options);
    const inspection = await inspectModel(config);
    const { json } = command.opts<{ json?: true }>();
    const text = json === true ? JSON.stringify(inspection, null, 2) : formatInspection(options.model, inspection);
    process.stdout.write(`${text}\n`);
    return inspection.problem === undefined ? 0 : EXIT_ERROR;
  };
}
