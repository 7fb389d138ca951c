import { a as constructModel, h as loadPlugins, i as planPlainCaches, m as freeMemoryBytes, n as describe, o as planModel, p as sizeKVCache } from "./create-worker-BnjcDtzY.js";
import { n as blocksOfRequest } from "./kv-cache-group-WBwL_RtM.js";
import { n as CheckpointError } from "./errors-CjlPyKrT.js";
import { t as resolveModelPaths } from "./resolve-model-d7D9dTZM.js";
// src/tools/inspect.ts
/**
* Constructs the model and matches it with its checkpoint, without reading weights.
* @throws ConfigError, CheckpointError or UnsupportedError when the model cannot be constructed at all
*/
async function inspectModel(given) {
	const config = await resolveModelPaths(given);
	const { note } = await loadPlugins(config.plugins, () => void 0);
	const constructed = await constructModel(config, {}, note);
	try {
		let problem;
		let plan;
		try {
			plan = planModel(constructed);
		} catch (error) {
			if (!(error instanceof CheckpointError)) throw error;
			problem = error.message;
		}
		const planned = new Map(plan?.parameters.map(({ declared, parts }) => [declared.spec.name, parts]));
		const parameters = constructed.parameters.declared.map(({ spec, parameter }) => ({
			name: spec.name,
			shape: spec.shape,
			dtype: spec.dtype,
			bytes: parameter.bytes,
			sources: mergeRuns(spec.parts.map(({ source, rowStart, rowCount }, i) => ({
				name: source.name,
				storage: planned.get(spec.name)?.[i]?.tensor.storage ?? "?",
				rows: [rowStart, rowStart + rowCount],
				runs: 1
			})))
		}));
		const { architecture, dtype, numParameters } = describe(config, constructed);
		const weightBytes = parameters.reduce((sum, { bytes }) => sum + bytes, 0);
		return {
			architecture,
			dtype,
			numParameters,
			weightBytes,
			parameters,
			problem,
			ignored: plan?.ignored ?? [],
			maxModelLen: constructed.maxModelLen,
			...kvCacheArithmetic(config, constructed, weightBytes)
		};
	} finally {
		constructed.checkpoint?.close();
	}
}
/** Neighbouring rows of one tensor, told as one. */
function mergeRuns(sources) {
	const merged = [];
	for (const source of sources) {
		const last = merged.at(-1);
		if (last?.name !== source.name || last.rows[1] !== source.rows[0]) merged.push(source);
		else merged[merged.length - 1] = {
			...last,
			rows: [last.rows[0], source.rows[1]],
			runs: last.runs + source.runs
		};
	}
	return merged;
}
function describeSource({ name, storage, rows, runs }) {
	return `${name} (${storage}) rows ${rows[0]}..${rows[1]}${runs > 1 ? ` in ${runs} runs` : ""}`;
}
function kvCacheArithmetic(config, constructed, weightBytes) {
	const { maxModelLen } = constructed;
	const { needs, plan, use } = planPlainCaches(config, constructed);
	const { bytesPerBlock } = plan;
	const kvBytesPerToken = needs.layers.filter(({ group }) => group.kind !== "state").reduce((sum, { bytes }) => sum + bytes, 0) / use.blockSize;
	const perRequest = blocksOfRequest(use, maxModelLen);
	const kvBytesPerRequest = perRequest * bytesPerBlock;
	const freeBytes = freeMemoryBytes();
	const found = {
		kvBytesPerToken,
		kvBytesPerRequest,
		freeBytes
	};
	const left = freeBytes - weightBytes;
	const head = `${formatBytes(freeBytes)} free - ${formatBytes(weightBytes)} weights`;
	if (left <= 0) return {
		...found,
		kvCache: `the weights do not fit: ${head} leaves nothing`
	};
	try {
		const { numBlocks } = sizeKVCache({
			...use,
			bytesPerBlock,
			maxModelLen,
			maxNumSeqs: config.maxNumSeqs,
			kvCacheMemoryBytes: config.kvCacheMemoryBytes,
			numBlocksOverride: config.numBlocksOverride,
			freeBytes: left,
			workspaceBytes: 0,
			utilization: config.memoryUtilization,
			fitLength: config.maxModelLen === "auto"
		});
		const sequences = Math.floor((numBlocks - 1) / perRequest);
		const room = use.groups.every(({ kind }) => kind === "full") ? `${(numBlocks - 1) * use.blockSize} tokens, ` : "";
		const kvCache = `${head}; ${numBlocks} blocks of ${use.blockSize} tokens = ${formatBytes(numBlocks * bytesPerBlock)}: ${room}${sequences} request${sequences === 1 ? "" : "s"} of full length at once (activations not counted)`;
		return {
			...found,
			kvCache
		};
	} catch (error) {
		return {
			...found,
			kvCache: error.message
		};
	}
}
/** `1.50 GiB`, `812 KiB`. */
function formatBytes(bytes) {
	const units = [
		"B",
		"KiB",
		"MiB",
		"GiB",
		"TiB"
	];
	let unit = 0;
	let value = bytes;
	while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
	return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`;
}
/** Sources that are listed; of more (the experts of a layer) the first and the last are. */
const maxSources = 4;
function formatSources(sources) {
	const all = sources.map(describeSource);
	if (all.length <= maxSources) return all.join(" + ");
	return [
		all[0],
		`${all.length - 2} more`,
		all.at(-1)
	].join(" + ");
}
/** The inspection as text for a terminal. */
function formatInspection(model, inspection) {
	const { parameters } = inspection;
	const rows = parameters.map(({ name, shape, dtype, bytes, sources }) => [
		name,
		`[${shape.join(", ")}]`,
		dtype,
		formatBytes(bytes),
		formatSources(sources)
	]);
	const header = [
		"parameter",
		"shape",
		"dtype",
		"bytes",
		"sources in the checkpoint"
	];
	const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
	const line = (cells) => cells.map((cell, i) => cell.padEnd(i < 4 ? widths[i] : 0)).join("  ").trimEnd();
	const summary = [
		`model           ${model}`,
		`architecture    ${inspection.architecture}`,
		`parameters      ${inspection.numParameters.toLocaleString("en")} in ${parameters.length} tensors, ${formatBytes(inspection.weightBytes)} as ${inspection.dtype}`,
		`max model len   ${inspection.maxModelLen} tokens`,
		`KV cache        ${formatBytes(inspection.kvBytesPerToken)} a token; one request of full length ${formatBytes(inspection.kvBytesPerRequest)}`,
		`memory          ${inspection.kvCache}`,
		...inspection.ignored.length > 0 ? [`left out        ${inspection.ignored.join(", ")}`] : [],
		...inspection.problem ? ["", inspection.problem] : []
	];
	return [
		line(header),
		...rows.map(line),
		"",
		...summary
	].join("\n");
}
export { formatInspection, inspectModel };
