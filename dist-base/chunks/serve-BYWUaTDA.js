import { i as BenchProgress, n as addJsonFlag, r as checkWritable, t as ResultOutput } from "./result-output-CHKBbMJQ.js";
import { r as Option } from "./esm-Dw-7_SaM.js";
import { n as readEnvironment } from "./environment-ChMoDSMV.js";
import { t as LATENCY_METRICS } from "./serve-metrics-CkYd6a63.js";
import { t as UsageError } from "./exit-Bl2g91cb.js";
import { n as listOf, r as number, t as integer } from "./number-flags-BSNjODpc.js";
import { n as numPrompts, t as addDatasetFlags } from "./dataset-flags-Bo6twRO1.js";
import { basename } from "node:path";
// src/cli/bench-serve-flags.ts
const ENDPOINTS = {
	openai: "/v1/completions",
	"openai-chat": "/v1/chat/completions"
};
const GOODPUT_METRICS = [
	"ttft",
	"tpot",
	"e2el"
];
/** Adds all flags but those of the prompts. */
function addServeFlags(command) {
	addServerFlags(command);
	addLoadFlags(command);
	addResultFlags(command);
}
function addServerFlags(command) {
	const add = (option) => command.addOption(option.helpGroup("Server:"));
	add(new Option("--base-url <url>", "Address of the server. (default: http://HOST:PORT)"));
	add(new Option("--host <host>", "Its host. (default: 127.0.0.1)"));
	add(new Option("--port <n>", "Its port. (default: 8000)").argParser(integer("--port", {
		min: 1,
		max: 65535
	})));
	const backends = Object.keys(ENDPOINTS);
	add(new Option("--backend <name>", "What is spoken: completions or chat. (default: openai)").choices(backends));
	add(new Option("--endpoint-type <name>", "The same as --backend.").choices(backends).hideHelp());
	add(new Option("--endpoint <path>", `Path of the requests. (default: ${Object.values(ENDPOINTS).join(" or ")})`));
	add(new Option("--model <name>", "Name of the model in requests. (default: the first that the server lists)"));
	add(new Option("--tokenizer <dir>", "Folder of the model's tokenizer: random prompts become text of exactly the wanted number of tokens, and prompts of files are counted. (default: random prompts are token ids, in a chat plain words)"));
	const vocabSize = integer("--vocab-size", { min: 8 });
	add(new Option("--vocab-size <n>", "Random token ids lie below it.").argParser(vocabSize).default(1e4));
	add(new Option("--header <name=value...>", "Headers to send with every request."));
	const timeout = number("--timeout", {
		min: 0,
		isAbove: true
	});
	add(new Option("--timeout <s>", "Seconds for one request; it fails then.").argParser(timeout).default(600));
}
function addLoadFlags(command) {
	const add = (option) => command.addOption(option.helpGroup("Load:"));
	const rate = number("--request-rate", {
		min: 0,
		isAbove: true,
		allowInfinity: true
	});
	add(new Option("--request-rate <x>", "Requests a second, at random times; inf: all at once.").argParser(rate).default(Infinity, "inf"));
	const burstiness = number("--burstiness", {
		min: 0,
		isAbove: true,
		allowInfinity: true
	});
	add(new Option("--burstiness <x>", "1: a Poisson process; less: bursts; inf: even gaps.").argParser(burstiness).default(1));
	const concurrency = listOf("--max-concurrency", number("--max-concurrency", {
		min: 1,
		allowInfinity: true
	}));
	add(new Option("--max-concurrency <n,...>", "Most requests open at once; with several numbers one run for each. (default: no limit)").argParser((text) => concurrency(text).map(whole)));
	add(new Option("--num-warmups <n>", "Requests before the first run, not counted.").argParser(integer("--num-warmups", { min: 0 })).default(1));
	add(new Option("--ignore-eos", "Ask for all output tokens, past the end-of-sequence token (not in OpenAI's API)."));
	add(new Option("--temperature <x>", "Temperature of the requests.").argParser(number("--temperature", { min: 0 })).default(0));
	add(new Option("--seed <n>", "Of random prompts and times. (default: 0)").argParser(integer("--seed", { min: 0 })));
}
function addResultFlags(command) {
	const percents = listOf("--metric-percentiles", number("--metric-percentiles", {
		min: 0,
		max: 100
	}));
	command.addOption(new Option("--percentile-metrics <names>", "Which of ttft, tpot, itl, e2el the table shows.").argParser(listOf("--percentile-metrics", latencyMetric)).default([...LATENCY_METRICS], LATENCY_METRICS.join(",")));
	command.addOption(new Option("--metric-percentiles <p,...>", "Percentiles besides mean and median.").argParser(percents).default([90, 99], "90,99"));
	command.option("--goodput <limits...>", "Count requests that keep limits in milliseconds: ttft:500 tpot:50 e2el:3000.");
	addJsonFlag(command);
	command.option("--svg <file>", "Draw output throughput against latency, a point for each --max-concurrency.");
}
/** @throws UsageError for flags that contradict each other or have a wrong form */
function serveSettings(flags, seed, numPrompts) {
	if (flags.baseUrl !== void 0 && (flags.host !== void 0 || flags.port !== void 0)) throw new UsageError("--base-url and --host or --port exclude each other");
	if (flags.backend !== void 0 && flags.endpointType !== void 0 && flags.backend !== flags.endpointType) throw new UsageError(`--backend ${flags.backend} and --endpoint-type ${flags.endpointType} contradict each other`);
	const backend = flags.backend ?? flags.endpointType ?? "openai";
	const host = flags.host ?? "127.0.0.1";
	const address = `http://${host.includes(":") ? `[${host}]` : host}:${flags.port ?? 8e3}`;
	return {
		target: {
			baseUrl: flags.baseUrl ?? address,
			endpoint: flags.endpoint ?? ENDPOINTS[backend],
			headers: readHeaders(flags.header ?? []),
			apiKey: readEnvironment().openaiApiKey
		},
		backend,
		model: flags.model,
		numPrompts,
		numWarmups: flags.numWarmups,
		requestRate: flags.requestRate,
		burstiness: flags.burstiness,
		maxConcurrency: flags.maxConcurrency ?? [Infinity],
		ignoreEos: flags.ignoreEos === true,
		temperature: flags.temperature,
		timeoutMs: flags.timeout * 1e3,
		seed,
		goodput: readGoodput(flags.goodput ?? []),
		percentiles: flags.metricPercentiles
	};
}
function readHeaders(list) {
	const headers = {};
	for (const text of list) {
		const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*[=:]\s*([\t\x20-\x7e\x80-\xff]*)$/.exec(text);
		if (match === null) throw new UsageError(`--header: expected NAME=VALUE; got ${JSON.stringify(text)}`);
		headers[match[1]] = match[2];
	}
	return headers;
}
function readGoodput(list) {
	const limits = {};
	for (const text of list.flatMap((part) => part.split(",")).filter((part) => part !== "")) {
		const [name = "", limit = "", ...more] = text.split(":");
		const milliseconds = limit.trim() === "" || more.length > 0 ? NaN : Number(limit);
		if (!GOODPUT_METRICS.includes(name) || !Number.isFinite(milliseconds) || milliseconds < 0) throw new UsageError(`--goodput: expected NAME:MILLISECONDS, NAME one of ${GOODPUT_METRICS.join(", ")}; got ${JSON.stringify(text)}`);
		limits[name] = milliseconds;
	}
	return limits;
}
function latencyMetric(text) {
	const name = LATENCY_METRICS.find((metric) => metric === text);
	if (name !== void 0) return name;
	throw new UsageError(`--percentile-metrics: expected ${LATENCY_METRICS.join(", ")}; got ${JSON.stringify(text)}`);
}
function whole(value) {
	if (value === Infinity || Number.isInteger(value)) return value;
	throw new UsageError(`--max-concurrency: expected integers from 1, or "inf"; got ${value}`);
}
// src/cli/commands/bench/serve.ts
/** `quire bench serve`: a client that measures an OpenAI-compatible server, Quire's own or another. */
function define(command) {
	const dataset = addDatasetFlags(command);
	addServeFlags(command);
	return async (_, version) => {
		const flags = command.opts();
		const chosen = dataset(flags.seed ?? 0);
		const settings = serveSettings(flags, chosen.seed, numPrompts(command));
		const output = new ResultOutput(flags.json);
		if (flags.svg !== void 0) checkWritable("--svg", flags.svg);
		return measure(settings, chosen, flags, output, version);
	};
}
async function measure(settings, dataset, flags, output, version) {
	const { benchServe } = await import("./serve-BfZMSdVI.js");
	const { serveRunTable, sweepTable } = await import("./serve-table-BdnOH8VA.js");
	const { openPromptSource } = await import("./prompt-source-B4WuwAnt.js");
	const prompts = await openPromptSource(dataset, await promptForm(flags, settings.backend));
	const progress = new BenchProgress();
	const isSweep = settings.maxConcurrency.length > 1;
	let result;
	try {
		result = await benchServe({
			...settings,
			prompts,
			signal: progress.signal,
			onProgress: ({ maxConcurrency, finished, total }) => progress.update(`concurrency ${maxConcurrency}`, finished, total),
			onRun: (run) => {
				progress.bar.clear();
				const title = isSweep ? `concurrency ${run.maxConcurrency}\n` : "";
				output.print(`${title}${serveRunTable(run, flags.percentileMetrics, flags.metricPercentiles)}\n`);
				if (run.firstError !== void 0) process.stderr.write(`the first error: ${run.firstError}\n`);
			}
		});
	} finally {
		progress.close();
	}
	if (isSweep) output.print(sweepTable(result.runs));
	if (flags.svg !== void 0) await drawChart(flags.svg, result, settings);
	const { target, ...rest } = settings;
	const server = {
		url: target.baseUrl + target.endpoint,
		headers: Object.keys(target.headers)
	};
	output.finish("serve", version, {
		server,
		...rest,
		model: result.model,
		dataset
	}, result);
	return exitCode(result.runs, progress.signal.aborted);
}
function exitCode(runs, isInterrupted) {
	if (isInterrupted) return 130;
	return runs.some((run) => run.metrics.completed === 0) ? 1 : 0;
}
/** Token ids where the server takes them; text where a tokenizer is given; words in a chat without one. */
async function promptForm(flags, backend) {
	if (flags.tokenizer !== void 0) {
		const { openTokenizer } = await import("./open-tokenizer-C7vxT5L4.js");
		return {
			kind: "text",
			tokenizer: await openTokenizer(flags.tokenizer)
		};
	}
	if (backend === "openai-chat") return { kind: "words" };
	const { poolOfSize } = await import("./random-prompts-DeoiPHWR.js");
	return {
		kind: "ids",
		pool: poolOfSize(flags.vocabSize)
	};
}
async function drawChart(path, result, settings) {
	const { latencyChart } = await import("./latency-chart-BtMMS2U5.js");
	const { writeResultFile } = await import("./report-Bw4tHDB3.js");
	const { concurrencyLabel } = await import("./serve-table-BdnOH8VA.js");
	const points = result.runs.filter((run) => run.metrics.completed > 0).map(({ maxConcurrency, metrics }) => ({
		label: concurrencyLabel(maxConcurrency),
		throughput: metrics.outputThroughput,
		tpotMs: metrics.latencies.tpot?.median,
		ttftMs: metrics.latencies.ttft?.median
	}));
	const mean = (total) => {
		const completed = result.runs.reduce((sum, run) => sum + run.metrics.completed, 0);
		return Math.round(result.runs.reduce((sum, run) => sum + total(run), 0) / Math.max(1, completed));
	};
	const input = mean((run) => run.metrics.totalInputTokens);
	const tokens = mean((run) => run.metrics.totalOutputTokens);
	const subtitle = `${settings.numPrompts} requests a point; on average ${input} tokens in, ${tokens} out; ${(/* @__PURE__ */ new Date()).toISOString().slice(0, 10)}`;
	writeResultFile(path, latencyChart(`${shortName(result.model)}: throughput against latency`, subtitle, points));
}
/** A model that is named by its path, by its last part. */
function shortName(model) {
	return /^[./\\]/.test(model) ? basename(model) : model;
}
export { define };
