import { n as parseEngineConfig } from "./engine-config-D9uvfcfS.js";
import { t as packageRoot } from "./package-root-DW2ZyEQq.js";
import { t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
import { t as integer } from "./number-flags-BSNjODpc.js";
import { join } from "node:path";
import { readFileSync } from "node:fs";
// src/cli/commands/check.ts
/** `quire check MODEL`: is this port right, and if not, where is it wrong? To standard output. */
function define(command) {
	command.option("--reference <dump>", "Compare with the inputs and outputs of a reference's modules, and name the first that diverges.").option("--print-dump-script", "Print the Python script that makes such a dump, and end.").option("--layers <n>", "Run the first N layers only; large models run their first 2.", integer("--layers", { min: 1 })).option("--json", "Print JSON.");
	const engine = addEngineFlags(command);
	return async ([model]) => {
		const { json, reference, layers, printDumpScript } = command.opts();
		if (printDumpScript) {
			process.stdout.write(readFileSync(join(packageRoot, "scripts", "dump_reference.py"), "utf8"));
			return 0;
		}
		const options = engine(model);
		const config = parseEngineConfig(options);
		const { checkModel } = await import("./check-model-CbCvRxtH.js");
		const { formatBuilt, formatResult, formatVerdict, reportData } = await import("./format-report-BnaNnUgP.js");
		const print = (text) => void process.stdout.write(`${text}\n`);
		const report = await checkModel(config, {
			reference,
			layers
		}, json ? {} : {
			built: (built) => print(formatBuilt(options.model, built)),
			result: (result) => print(formatResult(result))
		});
		print(json ? JSON.stringify(reportData(report), null, 2) : `${report.comparison ? "" : "\n"}${formatVerdict(report)}`);
		return report.passed ? 0 : 1;
	};
}
export { define };
