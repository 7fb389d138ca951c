import { n as parseEngineConfig } from "./engine-config-D9uvfcfS.js";
import { t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
// src/cli/commands/inspect.ts
function define(command) {
	command.option("--json", "Print JSON.");
	const engine = addEngineFlags(command);
	return async ([model]) => {
		const options = engine(model);
		const { formatInspection, inspectModel } = await import("./inspect-BN__dAWa.js");
		const inspection = await inspectModel(parseEngineConfig(options));
		const { json } = command.opts();
		const text = json === true ? JSON.stringify(inspection, null, 2) : formatInspection(options.model, inspection);
		process.stdout.write(`${text}\n`);
		return inspection.problem === void 0 ? 0 : 1;
	};
}
export { define };
