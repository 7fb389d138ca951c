import { n as parseEngineConfig } from "./engine-config-D9uvfcfS.js";
import { n as downloadProgress, t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
import { t as UsageError } from "./exit-Bl2g91cb.js";
import { t as ProgressBar } from "./progress-bar-CXZQbj9R.js";
// src/cli/commands/download.ts
const FLAGS = [
	"model",
	"revision",
	"hfToken",
	"loadFormat",
	"downloadDir"
];
function define(command) {
	const engine = addEngineFlags(command, FLAGS);
	return async ([model]) => {
		const { downloadModel, parseModelId } = await import("./download-ChtkTOOO.js");
		const { model: id, revision, hfToken, loadFormat, downloadDir } = parseEngineConfig(engine(model));
		if (parseModelId(id) === void 0) throw new UsageError(`${id}: expected a model id, org/name as on the hub`);
		const bar = new ProgressBar();
		try {
			const path = await downloadModel(id, {
				revision,
				token: hfToken,
				loadFormat,
				cacheDir: downloadDir,
				onNote: (note) => bar.line(note),
				onProgress: downloadProgress(bar)
			});
			bar.clear();
			process.stdout.write(`${path}\n`);
			return 0;
		} finally {
			bar.clear();
		}
	};
}
export { define };
