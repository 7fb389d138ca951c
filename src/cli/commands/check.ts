/** `quire check MODEL`: is this port right, and if not, where is it wrong? To standard output. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { parseEngineConfig } from "../../config/engine-config.js";
import { packageRoot } from "../../util/package-root.js";
import { addEngineFlags } from "../engine-flags.js";
import { EXIT_ERROR } from "../exit.js";
import { integer } from "../number-flags.js";

interface Flags {
  readonly json?: true;
  readonly reference?: string;
  readonly layers?: number;
  readonly printDumpScript?: true;
}

export function define(command: Command): (args: readonly string[]) => Promise<number> {
  command
    .option(
      "--reference <dump>",
      "Compare with the inputs and outputs of a reference's modules, and name the first that diverges.",
    )
    .option("--print-dump-script", "Print the Python script that makes such a dump, and end.")
    .option(
      "--layers <n>",
      "Run the first N layers only; large models run their first 2.",
      integer("--layers", { min: 1 }),
    )
    .option("--json", "Print JSON.");
  const engine = addEngineFlags(command);
  return async ([model]) => {
    const { json, reference, layers, printDumpScript } = command.opts<Flags>();
    if (printDumpScript) {
      process.stdout.write(readFileSync(join(packageRoot, "scripts", "dump_reference.py"), "utf8"));
      return 0;
    }
    const options = engine(model);
    const config = parseEngineConfig(options);
    const { checkModel } = await import("../../tools/check/check-model.js");
    const { formatBuilt, formatResult, formatVerdict, reportData } = await import("../../tools/check/format-report.js");
    const print = (text: string): void => void process.stdout.write(`${text}\n`);
    const hooks = json
      ? {}
      : {
          built: (built: Parameters<typeof formatBuilt>[1]) => print(formatBuilt(options.model, built)),
          result: (result: Parameters<typeof formatResult>[0]) => print(formatResult(result)),
        };
    const report = await checkModel(config, { reference, layers }, hooks);
    print(
      json ? JSON.stringify(reportData(report), null, 2) : `${report.comparison ? "" : "\n"}${formatVerdict(report)}`,
    );
    return report.passed ? 0 : EXIT_ERROR;
  };
}
