import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { t as resolveModelPaths } from "./resolve-model-d7D9dTZM.js";
import { n as inThisThread, t as createEngine } from "./create-engine-Blmq08TG.js";
import { n as checkProfileOption } from "./in-process-transport-CSlghuGW.js";
// src/engine/load-engine.ts
/**
* Finds the model (on disk, in the Hugging Face cache, or on the hub) and loads it.
* @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection); nothing stays loaded then
*/
async function loadEngine(config, hooks) {
	checkProfileOption(config);
	const open = await (config.engine === "process" ? inItsOwnProcess(hooks) : usualWorker());
	try {
		const resolved = await resolveModelPaths(config, {
			onNote: hooks.log,
			onProgress: ({ bytesDone, bytesTotal }) => hooks.progress?.({
				phase: "downloading",
				done: bytesDone,
				total: bytesTotal
			})
		});
		return await createEngine(resolved, open.transport(resolved), hooks);
	} catch (error) {
		await open.cancel();
		throw error;
	}
}
async function usualWorker() {
	const { createWorker } = await import("./create-worker-Dhon3hOi.js");
	return {
		transport: (resolved) => inThisThread(resolved, createWorker),
		cancel: () => Promise.resolve()
	};
}
/** The process starts at once, and loads its modules while this one finds the model. */
async function inItsOwnProcess({ instruments, child: started }) {
	if (instruments !== void 0) throw new ConfigError("instruments: functions cannot be sent to another process; use engine: \"in-process\" with them");
	const child = started ?? new (await (import("./engine-child-BbNh9xSg.js"))).EngineChild();
	const { createProcessTransport } = await import("./process-transport-CyLWF1F6.js");
	return {
		transport: (resolved) => (hooks, begun) => {
			begun();
			return createProcessTransport(child, resolved, hooks);
		},
		async cancel() {
			child.kill();
			await child.ended;
		}
	};
}
export { loadEngine };
