import { c as ResourceError, l as ShapeError, n as CheckpointError, r as ConfigError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { a as Problems, c as ggufBlocks, i as RandomAccessFile, l as isGgufBlockType, n as StoredCheckpoint, o as quote, r as denseTensor, s as blockLayout, t as openGguf, u as storageBytes } from "./gguf-checkpoint-BBxxudY4.js";
import { d as rawValue, f as wrongField, l as isObject, n as unquantized, r as weightSource, s as ropeParameters, t as expertParts } from "./linear-method-BE0KrVb1.js";
import { a as registerModel, i as registerElsewhere, n as loadModelClass, r as namedArchitectures, t as isClass } from "./registry-BqWMdtUv.js";
import { t as plainBlockBytes } from "./block-bytes-BFaUlwWO.js";
import { n as readEnvironment } from "./environment-ChMoDSMV.js";
import { t as checkOneCopy } from "./copies-BSAA4BuG.js";
import { n as packageVersion, t as packageRoot } from "./package-root-DW2ZyEQq.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { n as findPlugins, t as programPlace } from "./program-place-Df4EEAHS.js";
import { a as copy, i as Parameter, n as defineOp, r as programCosts, t as gatherRows$1 } from "./gather-rows-bb8SGkfy.js";
import { i as registerLogitsProcessor, r as logitsProcessors } from "./logits-processor-Cps5c56H.js";
import { a as longestRequest, n as blocksOfRequest, o as maxStepTokens, r as firstSeen, s as reachOf } from "./kv-cache-group-WBwL_RtM.js";
import { i as sampleStatus, n as sampleFloats, r as sampleInts } from "./sample-layout-CpnAdfXW.js";
import { a as expertLinearInt8, c as checkRank, n as linearInt8, o as checkDType, s as checkDenseRows, u as checkSize } from "./linear-DwAms2kL.js";
import { n as programOf, t as Program } from "./program-Dlln9x5O.js";
import { n as createStorage, t as Tensor } from "./tensor-JGDOnnfU.js";
import { r as isGreedy, t as allStopTokenIds } from "./sampling-params-D2sfQFut.js";
import { i as sameShape, n as numElements, r as rowMajorStrides, t as formatShape } from "./shape-fqbSRAhU.js";
import { n as readText, t as controlGroupFolders } from "./control-groups-CmA2xgHM.js";
import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { t as Prefix } from "./prefix-D3kHDDmW.js";
import { n as f16ToF32, r as f16Values, t as bf16ToF32 } from "./convert-ByzURpcE.js";
import { n as editDistance, t as closest } from "./closest-BxAlryWr.js";
import { freemem } from "node:os";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { existsSync, readdirSync, statSync } from "node:fs";
// src/checkpoint/json.ts
/** JSON of untrusted files: errors with their line, and Python's Infinity. */
/** Longer texts are not searched for the place of a mistake. */
const maxScannedChars = 1e6;
/** A string; a number or literal (Python's Infinity too); or one punctuation mark. */
const token = /[ \t\r\n]*(?:("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null|-?Infinity)\b)|([{}[\]:,]))/uy;
/**
* Parses bytes that must be UTF-8 and one JSON object. `Infinity`, which Python writes for float("inf"), is accepted,
* and so is a byte order mark.
*
* @param where the file, the first words of an error
* @throws CheckpointError with the line of the first mistake
*/
function parseJsonObject(bytes, where) {
	let text;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		throw new CheckpointError(`${where}: is not UTF-8 text`, { cause: error });
	}
	const value = parse$1(text, where);
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new CheckpointError(`${where}: expected a JSON object, got ${quote(text.slice(0, 40))}`);
	return value;
}
function parse$1(text, where) {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (text.length > maxScannedChars) throw new CheckpointError(`${where}: not valid JSON: ${error.message}`, { cause: error });
		const { mistake, infinities } = scan(text);
		if (mistake === void 0) return JSON.parse(replaceInfinities(text, infinities));
		const before = text.slice(0, mistake);
		const line = before.split("\n").length;
		const column = mistake - before.lastIndexOf("\n");
		const found = mistake >= text.length ? "the end of the text" : quote(text.slice(mistake, mistake + 20));
		throw new CheckpointError(`${where}: not valid JSON at line ${line}, column ${column}: found ${found}`, { cause: error });
	}
}
/**
* Walks over the tokens as far as they make sense.
*
* @returns mistake: index of the first token that does not fit, undefined if all do; infinities: where `Infinity` stands for a number
*/
function scan(text) {
	const infinities = [];
	const closing = [];
	let expected = {
		what: "value",
		close: false
	};
	for (let end = 0;; end = token.lastIndex) {
		token.lastIndex = end;
		const next = end + text.slice(end).search(/[^ \t\r\n]|$/);
		const done = closing.length === 0 && expected.what === "comma";
		if (next === text.length) return {
			mistake: done ? void 0 : next,
			infinities
		};
		const match = token.exec(text);
		if (match === null || done) return {
			mistake: next,
			infinities
		};
		const [, string, literal, mark] = match;
		if (mark !== void 0 && expected.close && mark === closing.at(-1)) {
			closing.pop();
			expected = {
				what: "comma",
				close: true
			};
		} else if (expected.what === "value" && (string ?? literal) !== void 0) {
			if (literal?.endsWith("Infinity")) infinities.push(token.lastIndex - 8);
			expected = {
				what: "comma",
				close: true
			};
		} else if (expected.what === "value" && (mark === "{" || mark === "[")) {
			closing.push(mark === "{" ? "}" : "]");
			expected = {
				what: mark === "{" ? "key" : "value",
				close: true
			};
		} else if (expected.what === "key" && string !== void 0) expected = {
			what: "colon",
			close: false
		};
		else if (expected.what === "colon" && mark === ":") expected = {
			what: "value",
			close: false
		};
		else if (expected.what === "comma" && mark === ",") expected = {
			what: closing.at(-1) === "}" ? "key" : "value",
			close: false
		};
		else return {
			mistake: next,
			infinities
		};
	}
}
/** 1e999 is JSON, and reads as Infinity. */
function replaceInfinities(text, positions) {
	const parts = [];
	let end = 0;
	for (const position of positions) {
		parts.push(text.slice(end, position), "1e999");
		end = position + 8;
	}
	return parts.join("") + text.slice(end);
}
// src/checkpoint/config-file.ts
/** Reads the small JSON files beside the weights: config.json, generation_config.json, an index. */
/** An index of a very large model has a few megabytes. */
const maxBytes = 64 * 2 ** 20;
/** @throws CheckpointError if the file is missing, too large, not UTF-8 or not one JSON object (with the line) */
function readJsonFile(path) {
	const file = new RandomAccessFile(path);
	try {
		if (file.size > maxBytes) throw new CheckpointError(`${path}: expected at most ${maxBytes} bytes of JSON, got ${file.size}`);
		return parseJsonObject(file.readBytes(0, file.size), path);
	} finally {
		file.close();
	}
}
/** config.json of a folder; nested configs (text_config) stay as they are. @throws CheckpointError as readJsonFile */
function readConfig(folder) {
	const path = join(folder, "config.json");
	if (!existsSync(path)) throw new CheckpointError(`${folder}: expected a Hugging Face model folder, but there is no config.json in it`);
	return readJsonFile(path);
}
/** generation_config.json of a folder, undefined if there is none. @throws CheckpointError as readJsonFile */
function readGenerationConfig(folder) {
	const path = join(folder, "generation_config.json");
	return statSync(path, { throwIfNoEntry: false }) === void 0 ? void 0 : readJsonFile(path);
}
// src/platform/platforms.ts
/** The table of platforms, and the choice among them. */
/**
* @throws UnsupportedError when the platform that was asked for cannot run here, with the reason
*/
async function openPlatform(options, warn) {
	if (options.platform !== "reference") {
		const { tryLoadNativeBinding } = await import("./native-binding-DnewrV2m.js");
		const loaded = tryLoadNativeBinding();
		if (loaded.binding || options.platform === "cpu" || options.cpuIsa !== void 0) {
			const { openCpuPlatform } = await import("./cpu-platform-w0i53-6g.js");
			const { tooManyThreads } = await import("./default-threads-6xI8USve.js");
			const platform = openCpuPlatform({
				threads: options.cpuThreads,
				isa: options.cpuIsa,
				warn
			});
			const why = options.cpuThreads === void 0 ? void 0 : tooManyThreads(options.cpuThreads);
			if (why !== void 0) warn(`WARNING: ${why}`);
			return platform;
		}
		warn(`WARNING: ${loaded.message}. Running on the reference platform: plain TypeScript, hundreds of times slower.`);
	}
	if (options.cpuIsa !== void 0) throw new UnsupportedError(`--cpu-isa ${options.cpuIsa} needs the native cpu platform; the reference platform has none`);
	const { ReferencePlatform } = await import("./reference-platform-OcS56fNl.js");
	return new ReferencePlatform();
}
// src/plugins/plugin-api.ts
/**
* @param plugin  whose API it is
* @param log     told when something is replaced
* @param brought told each thing that the plugin adds, in words
*/
function createPluginApi(plugin, log, brought) {
	return {
		version: packageVersion(),
		defineOp(name, definition) {
			const op = defineOp(name, definition, plugin.url);
			brought(`op ${name}`);
			return op;
		},
		registerLogitsProcessor(name, definition) {
			registerLogitsProcessor(name, definition);
			brought(`logits processor ${name}`);
		},
		registerModel(architecture, source) {
			const replaced = registerModel(architecture, source, plugin.name);
			if (replaced !== void 0) log(`plugin ${plugin.name}: architecture ${architecture} replaces that of ${replaced}`);
			brought(architecture);
		}
	};
}
// src/plugins/version-range.ts
/**
* True too for ranges that are no versions (`latest`, `file:…`, `workspace:*`): they say nothing about this one. What stands
* behind a `-` or `+` (`0.2.0-beta.1`) is left out of the comparison.
*/
function isInRange(version, range) {
	const parsed = parse(version);
	if (parsed === void 0 || /^[a-z]+:|^[a-z-]+$|\//i.test(range.trim())) return true;
	return range.split("||").some((part) => bounds(part.trim()).every((bound) => holds(parsed, bound)));
}
/** The bounds that all must hold; none: anything fits. */
function bounds(part) {
	const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(part);
	if (hyphen) return [...comparator(`>=${hyphen[1]}`), ...comparator(`<=${hyphen[2]}`)];
	return part.replace(/([<>=^~]+)\s+/g, "$1").split(/\s+/).filter((word) => word !== "").flatMap(comparator);
}
function comparator(word) {
	const [, operator, rest] = /^([<>=^~]*)v?(.*)$/.exec(word);
	const given = rest.replace(/[-+].*$/, "").split(".").filter((digits) => !/^[x*]?$/i.test(digits)).map(Number);
	if (given.length === 0 || given.some((number) => !Number.isInteger(number))) return [];
	const [major, minor = 0, patch = 0] = given;
	const from = [
		major,
		minor,
		patch
	];
	/** The first version after all those that the given numbers begin. */
	const after = given.length === 1 ? [
		major + 1,
		0,
		0
	] : given.length === 2 ? [
		major,
		minor + 1,
		0
	] : [
		major,
		minor,
		patch + 1
	];
	if (operator === ">=") return [{
		isLower: true,
		version: from
	}];
	if (operator === ">") return [{
		isLower: true,
		version: after
	}];
	if (operator === "<") return [{
		isLower: false,
		version: from
	}];
	if (operator === "<=") return [{
		isLower: false,
		version: after
	}];
	const below = operator === "^" ? belowCaret(given, after) : operator === "~" && given.length > 1 ? [
		major,
		minor + 1,
		0
	] : after;
	return [{
		isLower: true,
		version: from
	}, {
		isLower: false,
		version: below
	}];
}
/** ^: up to the next change of the first number that is not 0. */
function belowCaret(given, after) {
	const [major, minor = 0] = given;
	if (major > 0) return [
		major + 1,
		0,
		0
	];
	return given.length > 1 && minor > 0 ? [
		0,
		minor + 1,
		0
	] : after;
}
function holds(version, bound) {
	const i = [
		0,
		1,
		2
	].find((index) => version[index] !== bound.version[index]);
	const order = i === void 0 ? 0 : version[i] - bound.version[i];
	return bound.isLower ? order >= 0 : order < 0;
}
function parse(version) {
	const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
	return match === null ? void 0 : [
		Number(match[1]),
		Number(match[2]),
		Number(match[3])
	];
}
// src/plugins/load-plugins.ts
/** Loads the plugins of a start: those named by `--plugin` or `new LLM({ plugins })`, and those of the application's dependencies. */
/** Modules that ran already in this process, with what they brought: a plugin is called once. */
const loaded = /* @__PURE__ */ new Map();
/** Of this process, or of the program whose engine this process runs. */
function pluginSurroundings(program = programPlace()) {
	const { application } = program;
	return {
		application,
		workingDirectory: process.cwd(),
		allowList: readEnvironment().pluginAllowList
	};
}
/**
* Imports each module and calls its default export. One line a plugin tells where it came from and what it brought.
* @param names paths, seen from the working directory, and names of packages
* @throws ConfigError naming the plugin when it is not found, exports no function, fails, or brings a second copy of
*   Quire: a start with a broken plugin ends here
*/
async function loadPlugins(names, log, surroundings = pluginSurroundings()) {
	checkOneCopy("plugins");
	const { application, workingDirectory, allowList } = surroundings;
	const skipped = [];
	for (const plugin of findPlugins(names, application, workingDirectory)) {
		if (allowList !== void 0 && !isAllowed(plugin, allowList)) {
			log(`plugin ${plugin.name} is not loaded: QUIRE_PLUGINS allows ${allowList.join(", ") || "none"}`);
			skipped.push(plugin.name);
			continue;
		}
		let running = loaded.get(plugin.url);
		if (!running) loaded.set(plugin.url, running = runPlugin(plugin, log));
		try {
			log(`plugin ${title(plugin)} from ${plugin.url}, ${plugin.origin}: ${await running}`);
		} catch (error) {
			loaded.delete(plugin.url);
			throw error;
		}
	}
	const note = `QUIRE_PLUGINS kept out the plugins ${skipped.join(", ")}`;
	return { note: skipped.length > 0 ? note : "" };
}
function isAllowed({ name, manifest, url }, allowList) {
	return allowList.some((allowed) => [
		name,
		manifest?.name,
		url
	].includes(allowed));
}
/** Name and version of its package. */
function title({ name, manifest }) {
	return manifest?.name === name && manifest.version !== "" ? `${name} ${manifest.version}` : name;
}
/** Returns what it brought, in words. */
async function runPlugin(found, log) {
	const { name, url } = found;
	const mismatch = peerMismatch(found);
	if (mismatch !== void 0) log(`WARNING: plugin ${name} ${mismatch}`);
	const because = mismatch === void 0 ? "" : ` (it ${mismatch})`;
	let plugin;
	try {
		plugin = (await import(url)).default;
	} catch (cause) {
		checkOneCopy(`plugin "${name}"`);
		throw new ConfigError(`plugin "${name}" could not be loaded: ${messageOf(cause)}${typeScriptHint(cause)}${because}`, { cause });
	}
	checkOneCopy(`plugin "${name}"`);
	if (typeof plugin !== "function" || isClass(plugin)) throw new ConfigError(`plugin "${name}": its default export must be a function (quire) => { quire.registerModel(…) }, got ${isClass(plugin) ? "a class" : typeof plugin}`);
	const brought = [];
	try {
		await plugin(createPluginApi(found, log, (what) => brought.push(what)));
	} catch (cause) {
		checkOneCopy(`plugin "${name}"`);
		throw new ConfigError(`plugin "${name}" failed: ${messageOf(cause)}${because}`, { cause });
	}
	return brought.join(", ") || "it brings nothing";
}
/** "wants quirelm ^2.0.0, …" when this version is another; undefined when all is well. */
function peerMismatch({ manifest }) {
	if (manifest?.peerRange === void 0) return void 0;
	const version = packageVersion();
	if (isInRange(version, manifest.peerRange)) return void 0;
	return `wants quirelm ${manifest.peerRange}, this is ${version} in ${packageRoot}; install versions that go together`;
}
/** Node before 22.18 runs no TypeScript. */
function typeScriptHint(cause) {
	return cause.code === "ERR_UNKNOWN_FILE_EXTENSION" ? "; compile it and name the .js file, or start node with --import tsx" : "";
}
// src/ops/sample.ts
/**
* Samples one token per row. In this order: allowed ids, banned ids, bias, repetition, frequency and presence penalty; then the
* largest logit (temperature 0), or division by the temperature, min-p, top-k (ties of the k-th stay), top-p, and a
* draw: the token with the largest logit - ln(e), where e is an exponential variate of (seed, draw index, token id) alone.
*
* @param logits  [numRows, vocabSize] f32, rows may be strided; left as they are
* @param metadata how, for at least numRows rows
* @param outputs where to; rows from numRows on are left alone
* @throws ShapeError if a tensor's shape or dtype is not as described
* Records an op without outputs. A row's result depends on that row's inputs alone, bit for bit. Values are f32, rounded after
* every operation; sums for top-p and log-softmax are within f32 accuracy.
* Source: vLLM's sampler for the order; Yellott 1977 for the exponential race; Salmon et al. 2011 for the generator.
*/
function sample(logits, metadata, outputs, logprobsMode = "raw_logprobs") {
	checkRank("sample", "logits", logits, 2);
	checkDType("sample", "logits", logits, "f32");
	checkDenseRows("sample", "logits", logits);
	const { ints, floats, lists } = metadata;
	const { tokenIds, ranks, statuses, logprobs, topTokenIds, topLogprobs } = outputs;
	checkRank("sample", "ints", ints, 2);
	checkSize("sample", "ints", ints, 1, 16);
	checkRank("sample", "floats", floats, 2);
	checkSize("sample", "floats", floats, 1, 8);
	checkSize("sample", "floats", floats, 0, ints.size(0));
	for (const [name, x] of Object.entries({
		lists,
		tokenIds,
		ranks,
		statuses,
		logprobs,
		topTokenIds,
		topLogprobs
	})) checkRank("sample", name, x, 1);
	for (const [name, x] of Object.entries({
		tokenIds,
		ranks,
		statuses,
		logprobs
	})) checkSize("sample", name, x, 0, ints.size(0));
	checkSize("sample", "topLogprobs", topLogprobs, 0, topTokenIds.size(0));
	for (const [name, x] of Object.entries({
		ints,
		lists,
		tokenIds,
		ranks,
		statuses,
		topTokenIds
	})) checkDType("sample", name, x, "i32");
	for (const [name, x] of Object.entries({
		floats,
		logprobs,
		topLogprobs
	})) checkDType("sample", name, x, "f32");
	const inputs = [
		logits,
		ints,
		floats,
		lists,
		tokenIds,
		ranks,
		statuses,
		logprobs,
		topTokenIds,
		topLogprobs
	];
	for (const x of inputs) if (x !== logits && (x.storage.kind !== "external" || !x.isDense)) throw new ShapeError(`sample: ${x} must be a dense tensor at a fixed address`);
	if (logits.size(0) > ints.size(0)) throw new ShapeError(`sample: metadata for ${ints.size(0)} rows, but logits has ${logits.size(0)} (${logits})`);
	programOf("sample", logits).record("sample", inputs, [], { logprobsMode });
}
// src/sampling/bad-words.ts
/** Words that must not be generated, as sequences of token ids. */
/**
* Calls `ban` with the last token of every sequence whose other tokens are what the output ends with.
* A sequence of one token is banned always. Prompt tokens do not count.
*/
function banBadWords(sequences, outputTokenIds, ban) {
	for (const sequence of sequences) {
		const numBefore = sequence.length - 1;
		const start = outputTokenIds.length - numBefore;
		if (numBefore < 0 || start < 0) continue;
		let isEqual = true;
		for (let i = 0; isEqual && i < numBefore; i++) isEqual = outputTokenIds[start + i] === sequence[i];
		if (isEqual) ban(sequence[numBefore]);
	}
}
// src/sampling/list-buffer.ts
/** A list of 32-bit integers that grows, reused from step to step. */
var ListBuffer = class {
	/** The first `length` of these count. Another array after growth. */
	words = /* @__PURE__ */ new Int32Array(256);
	length = 0;
	clear() {
		this.length = 0;
	}
	push(word) {
		this.reserve(1);
		this.words[this.length++] = word;
	}
	/** Appends all; returns where they start. */
	append(words) {
		this.reserve(words.length);
		const start = this.length;
		this.words.set(words, start);
		this.length += words.length;
		return start;
	}
	reserve(count) {
		if (this.length + count <= this.words.length) return;
		const larger = new Int32Array(Math.max(this.length + count, 2 * this.words.length));
		larger.set(this.words.subarray(0, this.length));
		this.words = larger;
	}
};
// src/sampling/logprobs.ts
/** `logprobs` or `promptLogprobs` as a number of entries: null is -1 (none at all), -1 is the whole vocabulary. */
function resolveNumLogprobs(asked, vocabSize) {
	if (asked === null) return -1;
	return asked === -1 ? vocabSize : Math.min(asked, vocabSize);
}
/**
* One position's log-probabilities: the token's own first, then the top ones, likeliest first. The token comes twice when
* it is among the top ones, so entry i (from 1 on) always has rank i.
*
* @param tokenId  the sampled or given token, with its logprob and rank
* @param topTokenIds the likeliest tokens, with their logprobs
*/
function toTopLogprobs(tokenId, logprob, rank, topTokenIds, topLogprobs) {
	return {
		tokenIds: [tokenId, ...topTokenIds],
		logprobs: [logprob, ...topLogprobs],
		rank
	};
}
// src/sampling/sampler.ts
const errorOfStatus = {
	[sampleStatus.notFinite]: "the model's logits contain NaN or infinity; its weights or this dtype may be at fault",
	[sampleStatus.nothingLeft]: "no token is left to sample: allowed_token_ids, bad_words and min_tokens together forbid every token"
};
const resultNames = [
	"tokenIds",
	"ranks",
	"statuses",
	"logprobs"
];
/** One per worker. Each step: prepare(rows), run the program that record() was called for, collect(). */
var Sampler = class {
	memory;
	vocabSize;
	logprobsMode;
	generation = 0;
	addresses = [];
	maxRows = 0;
	listCapacity = 0;
	topCapacity = 0;
	metadata;
	outputs;
	ints = /* @__PURE__ */ new Int32Array(0);
	floats = /* @__PURE__ */ new Float32Array(0);
	/** tokenIds, ranks, statuses, logprobs: maxRows of each. */
	results = /* @__PURE__ */ new Int32Array(0);
	lists = new ListBuffer();
	rows = [];
	/** @throws ResourceError when there is no memory for maxRows rows */
	constructor(memory, options) {
		this.memory = memory;
		this.vocabSize = options.vocabSize;
		this.logprobsMode = options.logprobsMode ?? "raw_logprobs";
		this.reserve(Math.max(options.maxRows, 1), 1024, 1024);
	}
	/**
	* Writes the metadata of a step; row i is for row i of the logits.
	*
	* @returns generation: changes when buffers moved; programs that were recorded before it must not run any more
	* @throws ResourceError when a buffer has to grow and there is no memory; the sampler stays usable
	*/
	prepare(rows) {
		let numTop = 0;
		for (const row of rows) numTop += this.numTopOf(row);
		if (rows.length > this.maxRows || numTop > this.topCapacity) this.grow(rows.length, 0, numTop);
		this.rows = rows;
		this.lists.clear();
		numTop = 0;
		for (let i = 0; i < rows.length; i++) {
			this.writeRow(i, rows[i], numTop);
			numTop += this.numTopOf(rows[i]);
		}
		if (this.lists.length > this.listCapacity) this.grow(0, this.lists.length, 0);
		const { ints, floats, lists } = this.metadata;
		this.write(ints, bytesOf(this.ints, 0, rows.length * 16));
		this.write(floats, bytesOf(this.floats, 0, rows.length * 8));
		if (this.lists.length > 0) this.write(lists, bytesOf(this.lists.words, 0, this.lists.length));
		return { generation: this.generation };
	}
	/**
	* Records the op for logits [numRows, vocabSize] f32, numRows at most the rows prepared last.
	* @throws ShapeError if the logits have another shape
	*/
	record(logits) {
		sample(logits, this.metadata, this.outputs, this.logprobsMode);
	}
	/** Results of the rows prepared last, after the program ran. */
	collect() {
		const { rows, results, maxRows } = this;
		if (rows.length === 0) return [];
		this.memory.read(this.outputs.tokenIds.storage.address, bytesOf(results, 0, 4 * maxRows));
		const logprobs = new Float32Array(results.buffer, 3 * maxRows * 4, maxRows);
		let numTop = 0;
		for (const row of rows) numTop += this.numTopOf(row);
		const topTokenIds = numTop > 0 ? new Int32Array(numTop) : noTokenIds;
		const topLogprobs = numTop > 0 ? new Float32Array(numTop) : noLogprobs;
		if (numTop > 0) {
			this.memory.read(this.outputs.topTokenIds.storage.address, bytesOf(topTokenIds, 0, numTop));
			this.memory.read(this.outputs.topLogprobs.storage.address, bytesOf(topLogprobs, 0, numTop));
		}
		let start = 0;
		return rows.map((row, i) => {
			const first = start;
			start += this.numTopOf(row);
			const tokenId = results[i];
			const error = errorOfStatus[results[2 * maxRows + i]] ?? null;
			if (row.numLogprobs < 0 || error !== null) return {
				tokenId,
				logprobs: null,
				error
			};
			const [ids, values] = [topTokenIds.subarray(first, start), topLogprobs.subarray(first, start)];
			return {
				tokenId,
				logprobs: toTopLogprobs(tokenId, logprobs[i], results[maxRows + i], ids, values),
				error
			};
		});
	}
	/** Whether log-probabilities are those of the model's own logits, before anything else is done to them. */
	get reportsRaw() {
		return this.logprobsMode.startsWith("raw");
	}
	/** [maxRows] i32: the sampled tokens where the op leaves them, for a program that goes on with them. */
	get tokenIds() {
		return this.outputs.tokenIds;
	}
	dispose() {
		for (const address of this.addresses) this.memory.free(address);
		this.addresses = [];
	}
	/** Entries of the row in topTokenIds and topLogprobs. */
	numTopOf({ numLogprobs }) {
		return Math.min(Math.max(numLogprobs, 0), this.vocabSize);
	}
	writeRow(i, row, topStart) {
		const { params, seedLow, seedHigh } = row.state;
		const ints = this.ints.subarray(i * 16, (i + 1) * 16).fill(0);
		const floats = this.floats.subarray(i * 8, (i + 1) * 8);
		ints[sampleInts.numLogprobs] = row.numLogprobs < 0 ? -1 : this.numTopOf(row);
		ints[sampleInts.topStart] = topStart;
		ints[sampleInts.forcedTokenId] = row.forcedTokenId ?? -1;
		ints[sampleInts.allowedCount] = -1;
		if (row.forcedTokenId !== void 0) return;
		ints[sampleInts.topK] = params.topK;
		ints[sampleInts.seedLow] = seedLow;
		ints[sampleInts.seedHigh] = seedHigh;
		ints[sampleInts.drawIndex] = row.outputTokenIds.length;
		floats[sampleFloats.topP] = params.topP;
		if (row.applied === "draw") {
			floats[sampleFloats.temperature] = floats[sampleFloats.repetitionPenalty] = 1;
			floats[sampleFloats.minP] = floats[sampleFloats.frequencyPenalty] = floats[sampleFloats.presencePenalty] = 0;
			return;
		}
		floats[sampleFloats.temperature] = isGreedy(params) ? 0 : params.temperature;
		floats[sampleFloats.minP] = params.minP;
		floats[sampleFloats.repetitionPenalty] = params.repetitionPenalty;
		floats[sampleFloats.frequencyPenalty] = params.frequencyPenalty;
		floats[sampleFloats.presencePenalty] = params.presencePenalty;
		if (row.applied === void 0) this.writeLists(ints, row);
		this.writePenalties(ints, row);
	}
	/** Appends the row's lists, and puts their places into `ints`. */
	writeLists(ints, { state, outputTokenIds }) {
		const { params, allowedTokenIds, bias, stopTokenIds } = state;
		const { lists } = this;
		if (allowedTokenIds !== null) {
			ints[sampleInts.allowedStart] = lists.append(allowedTokenIds);
			ints[sampleInts.allowedCount] = allowedTokenIds.length;
		}
		const bannedStart = lists.length;
		if (stopTokenIds.length > 0 && outputTokenIds.length < params.minTokens) lists.append(stopTokenIds);
		if (params.badWordsTokenIds.length > 0) banBadWords(params.badWordsTokenIds, outputTokenIds, (id) => lists.push(id));
		ints[sampleInts.bannedStart] = bannedStart;
		ints[sampleInts.bannedCount] = lists.length - bannedStart;
		if (bias.length > 0) {
			ints[sampleInts.biasStart] = lists.append(bias);
			ints[sampleInts.biasCount] = bias.length / 2;
		}
	}
	writePenalties(ints, { state: { penaltyCounts }, outputTokenIds }) {
		if (penaltyCounts === null) return;
		penaltyCounts.update(outputTokenIds);
		ints[sampleInts.penaltyStart] = this.lists.append(penaltyCounts.entries);
		ints[sampleInts.penaltyCount] = penaltyCounts.entries.length / 2;
	}
	/** Makes the buffers at least this large, doubling those that are too small. */
	grow(numRows, numListWords, numTop) {
		const enough = (capacity, wanted) => wanted <= capacity ? capacity : Math.max(wanted, 2 * capacity);
		this.reserve(enough(this.maxRows, numRows), enough(this.listCapacity, numListWords), enough(this.topCapacity, numTop));
	}
	/** Moves to buffers of these sizes. */
	reserve(maxRows, listCapacity, topCapacity) {
		const addresses = [];
		const place = (bytes, label) => {
			const address = this.memory.allocate(bytes, label);
			addresses.push(address);
			return address;
		};
		const tensor = (label, shape, dtype, address) => {
			const bytes = 4 * shape.reduce((product, size) => product * size, 1);
			const label_ = `sampler ${label}`;
			return new Tensor(createStorage("external", bytes, label_, address ?? place(bytes, label_)), shape, dtype);
		};
		try {
			const metadata = {
				ints: tensor("ints", [maxRows, 16], "i32"),
				floats: tensor("floats", [maxRows, 8], "f32"),
				lists: tensor("lists", [listCapacity], "i32")
			};
			const start = place(4 * resultNames.length * maxRows, "sampler results");
			const [tokenIds, ranks, statuses, logprobs] = resultNames.map((name, i) => tensor(name, [maxRows], name === "logprobs" ? "f32" : "i32", start + 4 * i * maxRows));
			const topTokenIds = tensor("topTokenIds", [topCapacity], "i32");
			const topLogprobs = tensor("topLogprobs", [topCapacity], "f32");
			this.outputs = {
				tokenIds,
				ranks,
				statuses,
				logprobs,
				topTokenIds,
				topLogprobs
			};
			this.metadata = metadata;
		} catch (error) {
			for (const address of addresses) this.memory.free(address);
			throw error;
		}
		this.dispose();
		this.addresses = addresses;
		Object.assign(this, {
			maxRows,
			listCapacity,
			topCapacity
		});
		this.generation++;
		this.ints = resized(this.ints, new Int32Array(maxRows * 16));
		this.floats = resized(this.floats, new Float32Array(maxRows * 8));
		this.results = new Int32Array(resultNames.length * maxRows);
	}
	write(tensor, bytes) {
		this.memory.write(tensor.storage.address, bytes);
	}
};
const noTokenIds = /* @__PURE__ */ new Int32Array(0);
const noLogprobs = /* @__PURE__ */ new Float32Array(0);
/** The larger array with the smaller one's values. */
function resized(old, larger) {
	larger.set(old);
	return larger;
}
function bytesOf(words, start, end) {
	return new Uint8Array(words.buffer, words.byteOffset + 4 * start, 4 * (end - start));
}
// src/worker/free-memory.ts
/** Memory that this process may still take. */
function memAvailable(read) {
	const line = /^MemAvailable:\s+(\d+) kB/m.exec(read("/proc/meminfo") ?? "");
	return line ? Number(line[1]) * 1024 : freemem();
}
/** Bytes: what the machine has available, within the limits of Linux control groups (version 2 and 1). */
function freeMemoryBytes(read = readText) {
	let free = memAvailable(read);
	for (const folder of controlGroupFolders("memory", read)) {
		const first = (...names) => Number(names.map((name) => read(`${folder}/${name}`)).find(Boolean));
		const limit = first("memory.max", "memory.limit_in_bytes");
		if (!(limit > 0)) continue;
		const used = first("memory.current", "memory.usage_in_bytes") || 0;
		free = Math.min(free, limit - used + reclaimable(read(`${folder}/memory.stat`) ?? ""));
	}
	return Math.max(0, free);
}
/** Bytes of files that the system keeps in memory and gives up when asked; the weights' own files are among them. */
function reclaimable(stat) {
	const of = (name) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1] ?? 0);
	return (of("total_inactive_file") || of("inactive_file")) + (of("total_active_file") || of("active_file"));
}
// src/worker/kv-cache-size.ts
const gib = (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
/**
* @throws ResourceError with the arithmetic when one request of maxModelLen does not fit
*/
function sizeKVCache(input) {
	const { groups, bytesPerBlock, blockSize, maxModelLen, maxNumSeqs, freeBytes, workspaceBytes, utilization } = input;
	const perRequest = blocksOfRequest(input, maxModelLen);
	const needed = perRequest + 1;
	const useful = perRequest * maxNumSeqs + 1;
	const budget = input.kvCacheMemoryBytes ?? freeBytes * utilization - workspaceBytes;
	const fitting = input.numBlocksOverride ?? Math.min(useful, Math.floor(budget / bytesPerBlock));
	if (fitting >= needed) return {
		numBlocks: fitting,
		maxModelLen
	};
	const longest = fitting >= 2 ? longestRequest(input, fitting - 1) : 0;
	if (input.fitLength && longest > 0) return {
		numBlocks: fitting,
		maxModelLen: longest
	};
	const source = input.numBlocksOverride !== void 0 ? `--num-gpu-blocks-override ${input.numBlocksOverride}` : input.kvCacheMemoryBytes !== void 0 ? `--kv-cache-memory-bytes gives ${gib(budget)} = ${Math.max(0, fitting)} blocks` : `${gib(freeBytes)} free x ${utilization} - ${gib(workspaceBytes)} activations leaves ${gib(budget)} = ${Math.max(0, fitting)} blocks`;
	const more = input.kvCacheMemoryBytes === void 0 && workspaceBytes > freeBytes * utilization / 2 ? "lower --max-num-batched-tokens, or give more memory" : "give more memory";
	const inGroups = groups.length > 1 ? ` in ${groups.length} groups of layers` : "";
	throw new ResourceError(`KV cache: one request of --max-model-len ${maxModelLen} needs ${needed} blocks of ${blockSize} tokens${inGroups} (${bytesPerBlock} bytes each, one block is kept empty) = ${gib(needed * bytesPerBlock)}; ${source}; ` + (longest > 0 ? `lower --max-model-len to at most ${longest}, or ${more}` : more));
}
// src/worker/layer-caches.ts
/**
* @param blockBytes of a platform
* @throws UnsupportedError where the platform has no such cache
*/
function cacheNeeds(config, { layerCaches, dtype }, blockBytes) {
	const cacheDtype = config.kvCacheDtype === "auto" ? dtype : config.kvCacheDtype === "float32" ? "f32" : "bf16";
	const specs = /* @__PURE__ */ new Map();
	const states = /* @__PURE__ */ new Map();
	for (const [name, spec] of layerCaches) if (spec.kind === "state") states.set(name, spec.states);
	else specs.set(name, {
		...spec.shape,
		blockSize: config.blockSize,
		dtype: cacheDtype
	});
	const stateSize = Math.max(0, ...Array.from(states.values(), stateBytes));
	const blockSize = config.blockSize * Math.max(1, Math.ceil(stateSize / Math.max(...[...specs.values()].map(blockBytes))));
	for (const [name, spec] of specs) specs.set(name, {
		...spec,
		blockSize
	});
	return {
		layers: Array.from(layerCaches, ([name, spec]) => {
			const bytes = spec.kind === "state" ? stateBytes(spec.states) : blockBytes(specs.get(name));
			return {
				name,
				group: groupOf(spec),
				bytes
			};
		}),
		specs,
		states,
		blockSize
	};
}
function groupOf(spec) {
	if (spec.kind === "slidingWindow") return {
		kind: spec.kind,
		slidingWindow: spec.slidingWindow
	};
	return spec.kind === "chunked" ? {
		kind: spec.kind,
		chunkSize: spec.attentionChunkSize
	} : { kind: spec.kind };
}
/** A state begins at a line of memory. */
const stateAlignment = 64;
const alignedBytes = (shape) => Math.ceil(4 * numElements(shape) / stateAlignment) * stateAlignment;
function stateBytes(states) {
	return Object.values(states).reduce((sum, shape) => sum + alignedBytes(shape), 0);
}
/** Where each layer's part of the pages lies, for good; a step adds whose rows and blocks are whose. */
var LayerCaches = class {
	kvCaches = /* @__PURE__ */ new Map();
	states = /* @__PURE__ */ new Map();
	groupIds = /* @__PURE__ */ new Map();
	/** @param addressOf gives a region its memory */
	constructor({ specs, states }, { groups, regionBytes }, numBlocks, addressOf) {
		const addresses = regionBytes.map((bytes, i) => addressOf(numBlocks * bytes, `KV cache, region ${i}`));
		groups.forEach(({ layers }, groupId) => layers.forEach(({ name }, region) => {
			const [address, bytes] = [addresses[region], regionBytes[region]];
			const spec = specs.get(name);
			const label = `${name} ${spec ? "KV cache" : "state"}`;
			const storage = createStorage("external", numBlocks * bytes, label, address);
			this.groupIds.set(name, groupId);
			if (spec) {
				const tensor = new Tensor(storage, [numBlocks, bytes], "u8");
				this.kvCaches.set(name, {
					spec,
					numBlocks,
					address,
					tensor
				});
			} else this.states.set(name, stateTensors(states.get(name), numBlocks, storage, bytes));
		}));
	}
	/** @param metadata by group */
	ofStep(metadata) {
		const { kvCaches, groupIds } = this;
		const attentionMetadata = /* @__PURE__ */ new Map();
		const states = /* @__PURE__ */ new Map();
		for (const [name, groupId] of groupIds) {
			const tensors = this.states.get(name);
			if (tensors) states.set(name, {
				tensors,
				metadata: metadata[groupId]
			});
			else attentionMetadata.set(name, metadata[groupId]);
		}
		return {
			kvCaches,
			attentionMetadata,
			states
		};
	}
};
/** One after the other in each slot. */
function stateTensors(states, numSlots, storage, slotBytes) {
	const tensors = {};
	let offset = 0;
	for (const [name, shape] of Object.entries(states)) {
		const strides = [slotBytes / 4, ...rowMajorStrides(shape)];
		tensors[name] = new Tensor(storage, [numSlots, ...shape], "f32", void 0, strides, offset / 4);
		offset += alignedBytes(shape);
	}
	return tensors;
}
// src/checkpoint/pickle-opcodes.ts
/** Numbers of the pickle opcodes that are read, and names of some that are refused. Data only. */
/** The opcodes that are read. */
const opcodes = {
	mark: 40,
	emptyTuple: 41,
	stop: 46,
	pop: 48,
	popMark: 49,
	binFloat: 71,
	binInt: 74,
	binInt1: 75,
	binInt2: 77,
	none: 78,
	binPersId: 81,
	reduce: 82,
	binString: 84,
	shortBinString: 85,
	binUnicode: 88,
	emptyList: 93,
	append: 97,
	build: 98,
	global: 99,
	appends: 101,
	binGet: 104,
	longBinGet: 106,
	binPut: 113,
	longBinPut: 114,
	setItem: 115,
	tuple: 116,
	setItems: 117,
	emptyDict: 125,
	proto: 128,
	tuple1: 133,
	tuple2: 134,
	tuple3: 135,
	newTrue: 136,
	newFalse: 137,
	long1: 138,
	shortBinUnicode: 140,
	binUnicode8: 141,
	stackGlobal: 147,
	memoize: 148,
	frame: 149
};
/** Opcodes that run code or reach outside in Python, named in the refusal. */
const refusedNames = {
	80: "PERSID",
	105: "INST",
	111: "OBJ",
	129: "NEWOBJ",
	130: "EXT1",
	131: "EXT2",
	132: "EXT4",
	146: "NEWOBJ_EX",
	151: "NEXT_BUFFER"
};
// src/checkpoint/pickle.ts
/**
* Python pickles, protocols 2 to 5, by a closed list of opcodes: plain values, containers, and calls of functions that the caller
* lists. Nothing is imported or run; every other opcode and global is refused by its name.
*/
/** A tuple, to tell it from a list. */
var PickleTuple = class {
	items;
	constructor(items) {
		this.items = items;
	}
};
/** A listed Python name, "torch.FloatStorage". `call` builds what Python's callable would; without it the name is only a word. */
var PickleGlobal = class {
	name;
	call;
	constructor(name, call) {
		this.name = name;
		this.call = call;
	}
};
/** Something that a listed function or the persistent loader made. */
var PickleObject = class {};
const maxStack = 1e6;
/**
* Reads one pickle.
*
* @throws CheckpointError for an opcode or global that is not listed, a damaged pickle, or one that is unreasonably long
*/
function readPickle(bytes, host) {
	return new PickleReader(bytes, host).read();
}
/** A pickle machine: a stack, the stacks below each mark, and a memo. */
var PickleReader = class {
	host;
	bytes;
	at = 0;
	stack = [];
	marked = [];
	depth = 0;
	memo = /* @__PURE__ */ new Map();
	constructor(bytes, host) {
		this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.host = host;
	}
	read() {
		for (let count = 0; count < this.host.maxOpcodes; count++) {
			const opcode = this.bytes[this.take(1)];
			if (opcode === opcodes.stop) return this.pop();
			this.step(opcode);
			if (this.depth + this.stack.length > maxStack) throw this.error(`more than ${maxStack} values on the stack`);
		}
		throw this.error(`more than ${this.host.maxOpcodes} opcodes`);
	}
	step(opcode) {
		const { stack } = this;
		switch (opcode) {
			case opcodes.none:
				stack.push(null);
				return;
			case opcodes.newTrue:
				stack.push(true);
				return;
			case opcodes.newFalse:
				stack.push(false);
				return;
			case opcodes.binInt:
				stack.push(this.bytes.readInt32LE(this.take(4)));
				return;
			case opcodes.binInt1:
				stack.push(this.bytes[this.take(1)]);
				return;
			case opcodes.binInt2:
				stack.push(this.bytes.readUInt16LE(this.take(2)));
				return;
			case opcodes.long1:
				stack.push(this.long());
				return;
			case opcodes.binFloat:
				stack.push(this.bytes.readDoubleBE(this.take(8)));
				return;
			case opcodes.binUnicode:
				stack.push(this.text(this.u32(), "utf8"));
				return;
			case opcodes.shortBinUnicode:
				stack.push(this.text(this.bytes[this.take(1)], "utf8"));
				return;
			case opcodes.binUnicode8:
				stack.push(this.text(this.u64(), "utf8"));
				return;
			case opcodes.binString:
				stack.push(this.text(this.u32(), "latin1"));
				return;
			case opcodes.shortBinString:
				stack.push(this.text(this.bytes[this.take(1)], "latin1"));
				return;
			case opcodes.emptyList:
				stack.push([]);
				return;
			case opcodes.emptyDict:
				stack.push(/* @__PURE__ */ new Map());
				return;
			case opcodes.emptyTuple:
				stack.push(new PickleTuple([]));
				return;
			case opcodes.tuple1:
			case opcodes.tuple2:
			case opcodes.tuple3:
				stack.push(new PickleTuple(this.popMany(opcode - opcodes.tuple1 + 1)));
				return;
			default: return this.stepOnStack(opcode);
		}
	}
	/** The opcodes that work on what is on the stack. */
	stepOnStack(opcode) {
		switch (opcode) {
			case opcodes.mark:
				this.marked.push(this.stack);
				this.depth += this.stack.length + 1;
				this.stack = [];
				return;
			case opcodes.tuple: return this.push(new PickleTuple(this.popToMark()));
			case opcodes.pop:
				this.pop();
				return;
			case opcodes.popMark:
				this.popToMark();
				return;
			case opcodes.append: return this.append(this.popMany(1));
			case opcodes.appends: return this.append(this.popToMark());
			case opcodes.setItem: return this.setItems(this.popMany(2));
			case opcodes.setItems: return this.setItems(this.popToMark());
			case opcodes.binPersId: return this.push(this.host.persistentLoad(this.pop()));
			case opcodes.reduce: return this.reduce();
			case opcodes.build: return this.build();
			case opcodes.global: return this.push(this.findGlobal(this.line(), this.line()));
			case opcodes.stackGlobal: {
				const [module, name] = this.popMany(2);
				return this.push(this.findGlobal(module, name));
			}
			default: return this.stepOnMemo(opcode);
		}
	}
	stepOnMemo(opcode) {
		switch (opcode) {
			case opcodes.binPut:
				this.memo.set(this.bytes[this.take(1)], this.top());
				return;
			case opcodes.longBinPut:
				this.memo.set(this.u32(), this.top());
				return;
			case opcodes.memoize:
				this.memo.set(this.memo.size, this.top());
				return;
			case opcodes.binGet: return this.push(this.recall(this.bytes[this.take(1)]));
			case opcodes.longBinGet: return this.push(this.recall(this.u32()));
			case opcodes.frame:
				this.u64();
				return;
			case opcodes.proto: {
				const version = this.bytes[this.take(1)];
				if (version < 2 || version > 5) throw this.error(`protocol ${version}, expected 2 to 5`);
				return;
			}
			default: {
				const name = refusedNames[opcode];
				throw this.error(`opcode 0x${opcode.toString(16)}${name === void 0 ? "" : ` (${name})`} is refused: only what rebuilds tensors is read`);
			}
		}
	}
	reduce() {
		const [callee, args] = this.popMany(2);
		if (!(callee instanceof PickleGlobal) || callee.call === void 0) throw this.error(`a call of ${describe$1(callee)} is refused`);
		if (!(args instanceof PickleTuple)) throw this.error(`${callee.name} is called with ${describe$1(args)}, not a tuple`);
		this.push(callee.call(args.items));
	}
	/** Attributes of an ordered dict (torch puts `_metadata` there) are dropped; nothing else may have any. */
	build() {
		this.pop();
		if (!(this.top() instanceof Map)) throw this.error(`attributes of ${describe$1(this.top())} are refused`);
	}
	append(items) {
		const list = this.top();
		if (!Array.isArray(list)) throw this.error(`appends to ${describe$1(list)}, not a list`);
		for (const item of items) list.push(item);
	}
	setItems(items) {
		const dict = this.top();
		if (!(dict instanceof Map)) throw this.error(`sets items of ${describe$1(dict)}, not a dict`);
		if (items.length % 2 !== 0) throw this.error("a dict has a key without a value");
		for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
	}
	findGlobal(module, name) {
		if (typeof module !== "string" || typeof name !== "string") throw this.error("a global's name is not a string");
		const global = this.host.globals.get(`${module}.${name}`);
		if (global === void 0) throw this.error(`${quote(`${module}.${name}`)} is refused: a checkpoint may hold tensors and nothing else; take safetensors, or save the state dict alone`);
		return global;
	}
	recall(index) {
		const value = this.memo.get(index);
		if (value === void 0) throw this.error(`memo ${index} is used before it is set`);
		return value;
	}
	push(value) {
		this.stack.push(value);
	}
	pop() {
		const value = this.top();
		this.stack.pop();
		return value;
	}
	top() {
		const value = this.stack.at(-1);
		if (value === void 0) throw this.error("a value is taken from an empty stack");
		return value;
	}
	popMany(count) {
		if (this.stack.length < count) throw this.error("a value is taken from an empty stack");
		return this.stack.splice(this.stack.length - count, count);
	}
	popToMark() {
		const items = this.stack;
		const below = this.marked.pop();
		if (below === void 0) throw this.error("a mark is missing");
		this.stack = below;
		this.depth -= below.length + 1;
		return items;
	}
	/** An integer of up to 8 bytes, two's complement. */
	long() {
		const length = this.bytes[this.take(1)];
		if (length > 8) throw this.error(`an integer of ${length} bytes, expected at most 8`);
		const start = this.take(length);
		let value = 0n;
		for (let i = length - 1; i >= 0; i--) value = value << 8n | BigInt(this.bytes[start + i]);
		const signed = BigInt.asIntN(8 * length, value);
		return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
	}
	u32() {
		return this.bytes.readUInt32LE(this.take(4));
	}
	u64() {
		return Number(this.bytes.readBigUInt64LE(this.take(8)));
	}
	text(length, encoding) {
		const start = this.take(length);
		return this.bytes.toString(encoding, start, start + length);
	}
	/** Text up to a newline, which is passed. */
	line() {
		const end = this.bytes.indexOf(10, this.at);
		if (end < 0) throw this.error("a name does not end");
		const text = this.text(end - this.at, "utf8");
		this.at = end + 1;
		return text;
	}
	/** Passes `length` bytes; the index of the first. */
	take(length) {
		const start = this.at;
		if (!(start + length <= this.bytes.length)) throw this.error(`${length} bytes expected, but it ends`);
		this.at = start + length;
		return start;
	}
	error(what) {
		return new CheckpointError(`${this.host.where}: pickle, byte ${this.at}: ${what}`);
	}
};
/** A value's kind, as shown in errors. */
function describe$1(value) {
	if (value === null) return "None";
	if (typeof value === "string") return quote(value);
	if (typeof value !== "object") return String(value);
	if (Array.isArray(value)) return `a list of ${value.length}`;
	if (value instanceof PickleTuple) return `a tuple of ${value.items.length}`;
	if (value instanceof Map) return `a dict of ${value.size}`;
	return value instanceof PickleGlobal ? value.name : value.kind;
}
// src/checkpoint/strided.ts
/** Holds the last tensor put in order, so that reading it slice by slice gathers it once, and memory holds only one. */
var StridedCache = class {
	place;
	bytes = /* @__PURE__ */ new Uint8Array(0);
};
/** True if elements lie in row-major order without gaps; strides of sizes 0 and 1 do not matter. */
function isContiguous(shape, strides) {
	if (shape.includes(0)) return true;
	let expected = 1;
	for (let i = shape.length - 1; i >= 0; i--) {
		if (shape[i] !== 1 && strides[i] !== expected) return false;
		expected *= shape[i];
	}
	return true;
}
/** Elements from the first to the last that the tensor touches, both included; 0 for an empty tensor. */
function spanOf(shape, strides) {
	if (shape.includes(0)) return 0;
	let last = 0;
	for (const [i, size] of shape.entries()) last += (size - 1) * strides[i];
	return last + 1;
}
/** Reads slices of the dense tensor. The whole tensor is gathered on the first read: bound its size before. */
function stridedSlice(file, place, cache) {
	return (offset, length, target, targetOffset) => {
		if (cache.place !== place) {
			cache.bytes = gatherFile(file, place);
			cache.place = place;
		}
		target.set(cache.bytes.subarray(offset, offset + length), targetOffset);
	};
}
function gatherFile(file, { position, shape, strides, elementBytes }) {
	const span = file.readBytes(position, spanOf(shape, strides) * elementBytes);
	const dense = new Uint8Array(shape.reduce((count, size) => count * size, elementBytes));
	const [from, to] = [span, dense].map((bytes) => elementsOf(bytes, elementBytes));
	gather(from, to, shape, strides);
	return dense;
}
function elementsOf(bytes, elementBytes) {
	const buffer = bytes.buffer;
	if (elementBytes === 8) return new BigUint64Array(buffer);
	if (elementBytes === 4) return new Uint32Array(buffer);
	return elementBytes === 2 ? new Uint16Array(buffer) : bytes;
}
/** Copies element by element in row-major order. */
function gather(source, target, shape, strides) {
	const inner = shape.length - 1;
	const innerSize = shape[inner];
	const innerStride = strides[inner];
	const index = shape.map(() => 0);
	let to = 0;
	for (let base = 0;;) {
		for (let i = 0, from = base; i < innerSize; i++, from += innerStride) target[to++] = source[from];
		let axis = inner - 1;
		for (; axis >= 0; axis--) {
			base += strides[axis];
			if (++index[axis] < shape[axis]) break;
			base -= strides[axis] * shape[axis];
			index[axis] = 0;
		}
		if (axis < 0) return;
	}
}
// src/checkpoint/zip.ts
/** The directory of a zip file whose entries are stored uncompressed, as torch.save writes them; zip64 too. Nothing is unpacked. */
const endSignature = 101010256;
const end64LocatorSignature = 117853008;
const end64Signature = 101075792;
const centralSignature = 33639248;
const localSignature = 67324752;
const endBytes = 22;
const centralBytes = 46;
const localBytes = 30;
/** A directory of a million tensors is this long. */
const maxDirectoryBytes = 64 * 2 ** 20;
/**
* The entries by name.
*
* @throws CheckpointError if the file is no zip, is cut off, has compressed or encrypted entries, two of one name, or entries
*   that overlap or lie outside the file
*/
function readZip(file) {
	const { start, length, count } = findDirectory(file);
	const directory = viewOf(file.readBytes(start, length));
	const entries = /* @__PURE__ */ new Map();
	const problems = new Problems(file.path);
	let at = 0;
	for (let i = 0; i < count; i++) {
		if (at + centralBytes > length || directory.getUint32(at, true) !== centralSignature) throw damaged(file, `entry ${i} of ${count} in the zip directory is not where it should be`);
		const sizes = [
			28,
			30,
			32
		].map((field) => directory.getUint16(at + field, true));
		const next = at + centralBytes + sizes[0] + sizes[1] + sizes[2];
		if (next > length) throw damaged(file, `entry ${i} of ${count} ends beyond the zip directory`);
		const entry = readEntry$1(file, directory, at, start);
		if (typeof entry === "string") problems.add(entry);
		else if (entries.has(entry.name)) problems.add(`zip entry ${quote(entry.name)} appears twice`);
		else entries.set(entry.name, entry);
		at = next;
	}
	checkOverlap(entries, problems);
	problems.throwIfAny();
	return entries;
}
/** Place and number of entries of the central directory, from the record at the end of the file. */
function findDirectory(file) {
	const tailBytes = Math.min(file.size, 65557);
	const tail = viewOf(file.readBytes(file.size - tailBytes, tailBytes));
	let end = tailBytes - endBytes;
	while (end >= 0 && !(tail.getUint32(end, true) === endSignature && tail.getUint16(end + 20, true) === tailBytes - end - endBytes)) end--;
	if (end < 0) throw damaged(file, "no zip directory at its end");
	let count = tail.getUint16(end + 10, true);
	let length = tail.getUint32(end + 12, true);
	let start = tail.getUint32(end + 16, true);
	let limit = file.size - tailBytes + end;
	const locator = end - 20;
	if (locator >= 0 && tail.getUint32(locator, true) === end64LocatorSignature) {
		const position = Number(tail.getBigUint64(locator + 8, true));
		if (!(position + 56 <= limit)) throw damaged(file, `its zip64 record at ${position} is not inside the file`);
		const record = viewOf(file.readBytes(position, 56));
		if (record.getUint32(0, true) !== end64Signature) throw damaged(file, `no zip64 record at ${position}`);
		count = Number(record.getBigUint64(32, true));
		length = Number(record.getBigUint64(40, true));
		start = Number(record.getBigUint64(48, true));
		limit = position;
	}
	if (!(start + length <= limit) || length > maxDirectoryBytes || count * centralBytes > length) throw damaged(file, `its zip directory (${count} entries, ${length} bytes at ${start}) cannot be`);
	return {
		start,
		length,
		count
	};
}
/** One directory entry with the place of its bytes, or a sentence that says what is wrong with it. */
function readEntry$1(file, directory, at, limit) {
	const nameBytes = directory.getUint16(at + 28, true);
	const extraBytes = directory.getUint16(at + 30, true);
	const name = Buffer.from(directory.buffer, at + centralBytes, nameBytes).toString("utf8");
	if (directory.getUint16(at + 8, true) & 1) return `zip entry ${quote(name)} is encrypted`;
	const method = directory.getUint16(at + 10, true);
	if (method !== 0) return `zip entry ${quote(name)} is compressed (method ${method}); torch.save stores without compression`;
	const extra = new DataView(directory.buffer, at + centralBytes + nameBytes, extraBytes);
	const [size, stored, header] = widen([
		24,
		20,
		42
	].map((field) => directory.getUint32(at + field, true)), extra);
	if (size !== stored) return `zip entry ${quote(name)} has ${size} bytes, but ${stored} stored`;
	if (!(header + localBytes <= limit)) return `zip entry ${quote(name)} at ${header} is not inside the file`;
	const local = viewOf(file.readBytes(header, localBytes));
	if (local.getUint32(0, true) !== localSignature) return `zip entry ${quote(name)}: no entry at ${header}`;
	const position = header + localBytes + local.getUint16(26, true) + local.getUint16(28, true);
	if (!(position + size <= limit)) return `zip entry ${quote(name)}: ${size} bytes at ${position} are not inside the file`;
	return {
		name,
		position,
		size
	};
}
/** Replaces fields of 0xffffffff by the 64-bit ones of the zip64 extra, which come in the same order. */
function widen(fields, extra) {
	let at = 0;
	while (at + 4 <= extra.byteLength && extra.getUint16(at, true) !== 1) at += 4 + extra.getUint16(at + 2, true);
	const end = at + 4 <= extra.byteLength ? Math.min(extra.byteLength, at + 4 + extra.getUint16(at + 2, true)) : 0;
	at += 4;
	return fields.map((field) => {
		if (field !== 4294967295 || at + 8 > end) return field;
		at += 8;
		return Number(extra.getBigUint64(at - 8, true));
	});
}
function checkOverlap(entries, problems) {
	const sorted = [...entries.values()].filter(({ size }) => size > 0).sort((a, b) => a.position - b.position);
	for (let i = 1; i < sorted.length; i++) {
		const before = sorted[i - 1];
		const entry = sorted[i];
		if (before.position + before.size > entry.position) problems.add(`zip entry ${quote(entry.name)} at ${entry.position} overlaps ${quote(before.name)}`);
	}
}
function viewOf(bytes) {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
function damaged(file, what) {
	return new CheckpointError(`${file.path}: expected a zip file from torch.save, but ${what}; download it again`);
}
// src/checkpoint/pytorch-bin.ts
/** pytorch_model*.bin: the zip file of torch.save, with one pickle that describes tensors and one entry per storage. */
const maxPickleBytes = 64 * 2 ** 20;
/** A tensor takes about 32; the largest published files have a few thousand tensors. */
const maxPickleOpcodes = 4e6;
const maxDimensions = 64;
/** A tensor that is not contiguous is put in order in memory; a larger one is refused. */
const maxGatheredBytes = 256 * 2 ** 20;
/** torch's storage classes of the dtypes that Quire has. */
const storageTypes = {
	DoubleStorage: "f64",
	FloatStorage: "f32",
	HalfStorage: "f16",
	BFloat16Storage: "bf16",
	LongStorage: "i64",
	IntStorage: "i32",
	ShortStorage: "i16",
	CharStorage: "i8",
	ByteStorage: "u8",
	BoolStorage: "bool"
};
/** A storage as the pickle names it: `count` elements in the entry `data/<key>`. */
var Storage = class extends PickleObject {
	kind = "a storage";
	dtype;
	key;
	count;
	constructor(dtype, key, count) {
		super();
		this.dtype = dtype;
		this.key = key;
		this.count = count;
	}
};
/** A view of a storage; offset and strides in elements. Nothing is checked but the types. */
var TensorView = class extends PickleObject {
	kind = "a tensor";
	storage;
	offset;
	shape;
	strides;
	constructor(storage, offset, shape, strides) {
		super();
		this.storage = storage;
		this.offset = offset;
		this.shape = shape;
		this.strides = strides;
	}
};
/**
* The tensors of one file, lazily read. Entries of the state dict that are no tensors are left out. Tensors may share a storage;
* those that are not contiguous are put in order when they are read.
*
* @throws CheckpointError if the file is in torch's old format, is no zip, asks for anything but tensors, or lies about sizes
*/
function readPytorchBin(file) {
	checkFormat(file);
	const entries = readZip(file);
	const pickles = [...entries.values()].filter(({ name }) => /^[^/]*\/data\.pkl$/.test(name));
	if (pickles.length !== 1) throw new CheckpointError(`${file.path}: expected one <archive>/data.pkl in the zip file, got ${pickles.length}`);
	const pickle = pickles[0];
	const archive = pickle.name.slice(0, -8);
	checkByteOrder(file, entries.get(`${archive}byteorder`));
	const root = readPickle(readEntry(file, pickle, maxPickleBytes), {
		where: file.path,
		globals: makeGlobals(file.path),
		persistentLoad: (id) => loadStorage(file.path, id),
		maxOpcodes: maxPickleOpcodes
	});
	if (!(root instanceof Map)) throw new CheckpointError(`${file.path}: expected a state dict of tensors, got ${describe$1(root)}`);
	return placeTensors(file, entries, archive, root);
}
function checkFormat(file) {
	const head = Buffer.from(file.readBytes(0, Math.min(file.size, 512)));
	if (head.subarray(2, 14).equals(Buffer.from("8a0a6cfc9c46f9206aa85019", "hex")) || head.toString("latin1", 257, 262) === "ustar") throw new CheckpointError(`${file.path}: is in the format of torch before 1.6; convert it once in Python: torch.save(torch.load("pytorch_model.bin", weights_only=True), "pytorch_model.bin")`);
	if (head.toString("latin1", 0, 4) !== "PK") throw new CheckpointError(`${file.path}: expected a zip file from torch.save, which begins with "PK"; this one does not`);
}
function checkByteOrder(file, entry) {
	if (entry === void 0) return;
	const order = Buffer.from(readEntry(file, entry, 64)).toString("latin1");
	if (order !== "little") throw new CheckpointError(`${file.path}: expected byte order "little", got ${quote(order)}`);
}
function readEntry(file, entry, most) {
	if (entry.size > most) throw new CheckpointError(`${file.path}: ${quote(entry.name)} has ${entry.size} bytes, expected at most ${most}`);
	return file.readBytes(entry.position, entry.size);
}
/** The closed list: what a state dict of tensors needs. */
function makeGlobals(where) {
	const globals = [
		new PickleGlobal("collections.OrderedDict", (args) => {
			if (args.length > 0) throw new CheckpointError(`${where}: pickle: OrderedDict is called with ${args.length} arguments`);
			return /* @__PURE__ */ new Map();
		}),
		new PickleGlobal("torch.Size", ([sizes]) => {
			if (!(sizes instanceof PickleTuple || Array.isArray(sizes))) throw new CheckpointError(`${where}: pickle: torch.Size is not called with sizes`);
			return new PickleTuple(sizes instanceof PickleTuple ? sizes.items : [...sizes]);
		}),
		new PickleGlobal("torch._utils._rebuild_tensor_v2", (args) => rebuildTensor(where, args)),
		new PickleGlobal("torch._utils._rebuild_parameter", ([data]) => {
			if (!(data instanceof TensorView)) throw new CheckpointError(`${where}: pickle: _rebuild_parameter is not called with a tensor`);
			return data;
		}),
		...Object.keys(storageTypes).map((name) => new PickleGlobal(`torch.${name}`))
	];
	return new Map(globals.map((global) => [global.name, global]));
}
/** ("storage", class, key, device, number of elements) */
function loadStorage(where, id) {
	const [word, type, key, , count] = id instanceof PickleTuple ? id.items : [];
	const name = type instanceof PickleGlobal ? type.name.replace(/^torch\./, "") : "";
	if (word !== "storage" || !Object.hasOwn(storageTypes, name) || typeof key !== "string" || !isCount(count)) throw new CheckpointError(`${where}: pickle: expected a persistent id of a torch storage, got ${describe$1(id)}`);
	return new Storage(storageTypes[name], key, count);
}
/** (storage, offset, sizes, strides, requires_grad, backward hooks, and since torch 1.13 a dict of flags) */
function rebuildTensor(where, args) {
	const [storage, offset, shape, strides, , , flags] = args;
	if (!(storage instanceof Storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides)) throw new CheckpointError(`${where}: pickle: _rebuild_tensor_v2 needs a storage, an offset, sizes and strides, got ${args.map(describe$1).slice(0, 7).join(", ")}`);
	if (flags !== void 0 && flags !== null && !(flags instanceof Map && flags.size === 0)) throw new CheckpointError(`${where}: pickle: a tensor has flags (conjugated, negated); resolve them and save again`);
	return new TensorView(storage, offset, shape.items, strides.items);
}
function isCount(value) {
	return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
function isCounts(value) {
	return value instanceof PickleTuple && value.items.length <= maxDimensions && value.items.every(isCount);
}
/** Finds each tensor's bytes in the file, or says why they cannot be there. */
function placeTensors(file, entries, archive, stateDict) {
	const problems = new Problems(file.path);
	const cache = new StridedCache();
	const tensors = [];
	for (const [name, value] of stateDict) {
		if (!(value instanceof TensorView) || typeof name !== "string") continue;
		const tensor = placeTensor(file, entries.get(`${archive}data/${value.storage.key}`), name, value, cache);
		if (typeof tensor === "string") problems.add(`tensor ${quote(name)}: ${tensor}`);
		else tensors.push(tensor);
	}
	if (tensors.length === 0 && !problems.any) {
		const keys = [...stateDict.keys()].slice(0, 5).map(describe$1).join(", ");
		problems.add(`expected a state dict of tensors, got a dict without any (keys: ${keys || "none"})`);
	}
	problems.throwIfAny();
	return tensors;
}
function placeTensor(file, entry, name, { storage, offset, shape, strides }, cache) {
	const { dtype } = storage;
	const shown = `${dtype} [${shape.join(", ")}]`;
	if (entry === void 0) return `its storage ${quote(storage.key)} is not in the zip file`;
	const elementBytes = dtypeBytes[dtype];
	if (!(storage.count * elementBytes <= entry.size)) return `its storage of ${storage.count} ${dtype} needs more than the ${entry.size} bytes of ${quote(entry.name)}`;
	if (shape.length !== strides.length) return `${shown} has ${strides.length} strides`;
	const byteLength = storageBytes(dtype, shape);
	if (typeof byteLength === "string") return `${shown}: ${byteLength}`;
	const span = spanOf(shape, strides);
	if (!(offset + span <= storage.count)) return `${shown} with strides [${strides.join(", ")}] at ${offset} does not fit into its storage of ${storage.count} elements`;
	const position = entry.position + offset * elementBytes;
	const info = {
		name,
		storage: dtype,
		shape,
		byteLength,
		file: file.path
	};
	if (isContiguous(shape, strides)) return denseTensor(info, file, position);
	if (Math.max(byteLength, span * elementBytes) > maxGatheredBytes) return `${shown} with strides [${strides.join(", ")}] is not contiguous and larger than ${maxGatheredBytes} bytes; save it again with .contiguous()`;
	return {
		info,
		read: stridedSlice(file, {
			position,
			shape,
			strides,
			elementBytes
		}, cache)
	};
}
// src/checkpoint/safetensors.ts
/** The format's own limit. */
const maxHeaderBytes = 1e8;
const lengthBytes = 8;
/** safetensors' names of the dtypes that Quire has. */
const dtypes = /* @__PURE__ */ new Map([
	["F64", "f64"],
	["F32", "f32"],
	["F16", "f16"],
	["BF16", "bf16"],
	["I64", "i64"],
	["I32", "i32"],
	["I16", "i16"],
	["I8", "i8"],
	["U8", "u8"],
	["BOOL", "bool"],
	["F8_E4M3", "f8_e4m3"],
	["F8_E5M2", "f8_e5m2"]
]);
/**
* The tensors of one safetensors file. Reads the header only.
*
* @throws CheckpointError if the header lies in any way: length, JSON, dtypes, shapes, byte ranges, gaps, overlaps; all problems at once
*/
function readSafetensors(file) {
	const headerBytes = headerLength(file);
	const dataStart = lengthBytes + headerBytes;
	const dataBytes = file.size - dataStart;
	const header = parseJsonObject(file.readBytes(lengthBytes, headerBytes), `${file.path}: header`);
	const problems = new Problems(file.path);
	const entries = [];
	for (const name of Object.keys(header)) {
		if (name === "__metadata__") continue;
		const entry = checkEntry(name, header[name], dataBytes);
		if (typeof entry === "string") problems.add(`tensor ${quote(name)}: ${entry}`);
		else entries.push(entry);
	}
	if (!problems.any) checkCoverage(entries, dataBytes, problems);
	problems.throwIfAny();
	return entries.map(({ name, dtype, shape, begin, end }) => denseTensor({
		name,
		storage: dtype,
		shape,
		byteLength: end - begin,
		file: file.path
	}, file, dataStart + begin));
}
function headerLength(file) {
	if (file.size < 10) throw new CheckpointError(`${file.path}: expected a safetensors file, but it has only ${file.size} bytes`);
	const head = file.readBytes(0, lengthBytes);
	const length = new DataView(head.buffer).getBigUint64(0, true);
	const rest = file.size - lengthBytes;
	if (length > BigInt(Math.min(rest, maxHeaderBytes))) throw new CheckpointError(`${file.path}: header length ${length} is more than ${length > BigInt(rest) ? `the file's remaining ${rest} bytes` : `the limit of ${maxHeaderBytes}`}; not a safetensors file, or cut off: download it again`);
	if (length < 2n) throw new CheckpointError(`${file.path}: header length ${length} holds no JSON object`);
	return Number(length);
}
/** The entry, or a sentence that says what is wrong with it. */
function checkEntry(name, value, dataBytes) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return "its entry is not an object";
	const own = (key) => Object.hasOwn(value, key) ? value[key] : void 0;
	const dtypeName = own("dtype");
	const dtype = typeof dtypeName === "string" ? dtypes.get(dtypeName) : void 0;
	if (dtype === void 0) return `dtype ${typeof dtypeName === "string" ? quote(dtypeName) : "(not a string)"} is not known; known: ${[...dtypes.keys()].join(", ")}`;
	const shape = own("shape");
	if (!isWholeNumbers(shape)) return "shape is not a list of whole numbers from 0";
	const offsets = own("data_offsets");
	if (!isWholeNumbers(offsets) || offsets.length !== 2) return "data_offsets is not two whole numbers from 0";
	const [begin, end] = offsets;
	const shown = `${dtypeName} [${shape.slice(0, 16).join(", ")}]`;
	if (begin > end || end > dataBytes) return `${shown}: data_offsets [${begin}, ${end}] are not inside the data's ${dataBytes} bytes`;
	const bytes = storageBytes(dtype, shape);
	if (typeof bytes === "string") return `${shown}: ${bytes}`;
	if (bytes !== end - begin) return `${shown} needs ${bytes} bytes, data_offsets [${begin}, ${end}] give ${end - begin}`;
	return {
		name,
		dtype,
		shape,
		begin,
		end
	};
}
function isWholeNumbers(value) {
	return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
/** Tensors must cover the data from its first to its last byte, each byte once; so nothing hides in a gap. */
function checkCoverage(entries, dataBytes, problems) {
	const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
	let at = 0;
	let previous = "the header";
	for (const { name, begin, end } of sorted) {
		if (begin < at) problems.add(`tensor ${quote(name)} at ${begin} overlaps ${previous}, which ends at ${at}`);
		if (begin > at) problems.add(`${begin - at} bytes between ${previous} and tensor ${quote(name)} belong to no tensor`);
		if (end >= at) {
			at = end;
			previous = `tensor ${quote(name)}`;
		}
	}
	if (at < dataBytes) problems.add(`${dataBytes - at} bytes after ${previous} belong to no tensor`);
}
// src/checkpoint/weight-files.ts
/** Which files of a folder hold its weights: one file, the files that an index names, or numbered shards. */
const safetensorsNaming = {
	single: "model.safetensors",
	index: "model.safetensors.index.json",
	pattern: /^(?!adapter_|consolidated|optimizer|training_args).*\.safetensors$/
};
const pytorchNaming = {
	single: "pytorch_model.bin",
	index: "pytorch_model.bin.index.json",
	pattern: /^pytorch_model.*\.bin$/
};
/**
* The index if there is one, else the single file, else every file of the pattern. Undefined if the folder has none.
*
* @param names the folder's entries
* @throws CheckpointError if the index is no index, names a file outside the folder or one that is missing, or if a
*   numbered shard ("-00002-of-00005") is missing
*/
function findWeightFiles(folder, names, naming) {
	if (names.includes(naming.index)) return readIndex(folder, naming.index);
	if (names.includes(naming.single)) return {
		files: [naming.single],
		promised: void 0
	};
	const files = names.filter((name) => naming.pattern.test(name)).sort();
	if (files.length === 0) return void 0;
	checkNumbering(folder, files);
	return {
		files,
		promised: void 0
	};
}
function readIndex(folder, indexName) {
	const path = join(folder, indexName);
	const map = readJsonFile(path)["weight_map"];
	if (typeof map !== "object" || map === null || Array.isArray(map)) throw new CheckpointError(`${path}: expected an object "weight_map" from tensor names to files`);
	const problems = new Problems(path);
	const promised = /* @__PURE__ */ new Map();
	const files = /* @__PURE__ */ new Set();
	const refused = /* @__PURE__ */ new Set();
	for (const [tensor, file] of Object.entries(map)) {
		if (typeof file !== "string") {
			problems.add(`weight_map: the file of ${quote(tensor)} is not a string`);
			continue;
		}
		promised.set(tensor, file);
		if (files.has(file) || refused.has(file)) continue;
		const problem = checkFile(folder, file);
		if (problem === void 0) files.add(file);
		else {
			refused.add(file);
			problems.add(`weight_map: ${quote(tensor)} is said to be in ${quote(file)}, ${problem}`);
		}
	}
	if (promised.size === 0) problems.add("weight_map names no tensors");
	problems.throwIfAny();
	return {
		files: [...files].sort(),
		promised
	};
}
/** What is wrong with a file that an index names, if anything. Links inside the folder may point anywhere: hub caches need it. */
function checkFile(folder, file) {
	const path = normalize(file);
	if (isAbsolute(file) || file.includes("\\") || path === ".." || path.startsWith(`..${sep}`) || file === "" || file.includes("\0")) return "which is not a file inside the folder; refused";
	if (statSync(join(folder, path), { throwIfNoEntry: false }) === void 0) return "which does not exist; download the missing file";
}
function checkNumbering(folder, files) {
	const problems = new Problems(folder);
	const present = new Set(files);
	for (const file of files) {
		const match = /^(.*-)(\d{1,6})-of-(\d{1,6})(\..*)$/.exec(file);
		if (match === null || problems.any) continue;
		const [, head, number, total, tail] = match;
		for (let i = 1; i <= Number(total) && i <= 1e4; i++) {
			const shard = `${head}${String(i).padStart(number.length, "0")}-of-${total}${tail}`;
			if (!present.has(shard)) problems.add(`${quote(shard)} is missing; download it`);
		}
	}
	problems.throwIfAny();
}
// src/checkpoint/open-checkpoint.ts
/** Opens a model by its folder or file, whatever the format of its weights. */
/**
* Opens a Hugging Face folder (safetensors or pytorch_model*.bin, one file or several), a .gguf file, or a folder whose only
* weights are one .gguf file. Where a folder has several formats, safetensors is taken. Only headers are read.
*
* @throws CheckpointError if there is nothing to open, or files, headers or the index are damaged or contradict each other
*/
function openCheckpoint(path) {
	if (!statOf(path).isDirectory()) {
		if (/\.gguf$/i.test(path)) return openGguf(path);
		throw new CheckpointError(`${path}: expected a folder; for a weight file give the folder around it: ${dirname(path)}`);
	}
	const names = readdirSync(path).sort();
	const safetensors = findWeightFiles(path, names, safetensorsNaming);
	if (safetensors !== void 0) return openFolder(path, safetensors, readSafetensors);
	const pytorch = findWeightFiles(path, names, pytorchNaming);
	if (pytorch !== void 0) return openFolder(path, pytorch, readPytorchBin);
	const ggufs = names.filter((name) => /^(?!mmproj).*\.gguf$/i.test(name));
	if (ggufs.length > 1) throw new CheckpointError(`${path}: has ${ggufs.length} .gguf files; give one of them: ${ggufs.slice(0, 10).map(quote).join(", ")}`);
	if (ggufs.length === 1) return openGguf(join(path, ggufs[0]), readGenerationConfig(path));
	throw new CheckpointError(`${path}: expected *.safetensors, pytorch_model*.bin or one *.gguf file, got ${names.length === 0 ? "an empty folder" : names.slice(0, 10).map(quote).join(", ")}`);
}
function statOf(path) {
	try {
		return statSync(path);
	} catch (error) {
		throw new CheckpointError(`${path}: cannot be opened: ${error.message}`, { cause: error });
	}
}
/** A folder with config.json and weights in one or several files of one format. */
function openFolder(folder, weights, readFile) {
	const config = readConfig(folder);
	const generationConfig = readGenerationConfig(folder);
	const files = [];
	try {
		const tensors = [];
		const fileOf = /* @__PURE__ */ new Map();
		const problems = new Problems(folder);
		for (const name of weights.files) {
			const file = new RandomAccessFile(join(folder, name));
			files.push(file);
			for (const tensor of readFile(file)) {
				const first = fileOf.get(tensor.info.name);
				if (first !== void 0) problems.add(`tensor ${quote(tensor.info.name)} is in both ${quote(first)} and ${quote(name)}`);
				else {
					fileOf.set(tensor.info.name, name);
					tensors.push(tensor);
				}
			}
		}
		for (const [tensor, file] of weights.promised ?? []) {
			if (fileOf.get(tensor) === file) continue;
			const elsewhere = fileOf.get(tensor);
			problems.add(`the index promises tensor ${quote(tensor)} in ${quote(file)}, but it is ${elsewhere === void 0 ? "in no file" : `in ${quote(elsewhere)}`}`);
		}
		problems.throwIfAny();
		return new StoredCheckpoint({
			path: folder,
			config,
			generationConfig,
			tensors,
			files
		});
	} catch (error) {
		for (const file of files) file.close();
		throw error;
	}
}
// src/config/max-model-len.ts
/** The longest sequence that a model was made for. Source: vLLM `_get_and_verify_max_len`. */
const lengthKeys = [
	"max_position_embeddings",
	"n_positions",
	"max_seq_len",
	"seq_length",
	"max_sequence_length",
	"n_ctx"
];
/** Of a model whose config.json names no length: it may take any. Source: vLLM. */
const defaultLength = 2048;
/** Tokens (prompt and output) by config.json alone: the trained length, times the factor of a stretched rope; undefined: any. */
function derivedMaxModelLen(raw) {
	let length;
	for (const key of lengthKeys) {
		const value = rawValue(raw, key);
		if (typeof value === "number" && value > 0) length = Math.min(length ?? value, value);
	}
	if (length === void 0) return void 0;
	const trained = length;
	return Math.trunc(Math.max(...ropeParameters(raw).map((rope) => stretched(trained, rope))));
}
function stretched(length, rope) {
	const type = rope.rope_type ?? rope.type;
	const original = rope.original_max_position_embeddings;
	if (typeof rope.factor !== "number") return length;
	if (type === "linear" || type === "dynamic") return length * rope.factor;
	return type === "yarn" && typeof original === "number" ? original * rope.factor : length;
}
/**
* The length to run with: what was asked for, else what the model was made for.
* @throws ConfigError if more is asked for than the model can take
*/
function resolveMaxModelLen(raw, wanted) {
	const derived = derivedMaxModelLen(raw);
	if (wanted !== void 0 && derived !== void 0 && wanted > derived) throw new ConfigError(`--max-model-len ${wanted} is longer than the model's ${derived} positions (config.json); use at most ${derived}, or stretch the model with --hf-overrides '{"rope_parameters": …}'`);
	return wanted ?? derived ?? defaultLength;
}
// src/config/text-config.ts
/** Names of that object. Source: HF PreTrainedConfig.get_text_config, and checkpoints with code of their own. */
const nestedNames = [
	"text_config",
	"llm_config",
	"language_config"
];
/** Fields that belong to the whole checkpoint; the text model's own are read where these are missing. */
const outerFields = [
	"architectures",
	"quantization_config",
	"compression_config",
	"dtype",
	"torch_dtype",
	"eos_token_id"
];
/** The text model's config.json. */
function textConfig(raw) {
	const nestedIn = nestedNames.find((name) => isObject(raw[name]));
	if (nestedIn === void 0) return {
		raw,
		nestedIn
	};
	const inner = raw[nestedIn];
	const merged = {
		...raw,
		...inner
	};
	for (const field of outerFields) merged[field] = rawValue(raw, field) ?? inner[field];
	return {
		raw: merged,
		nestedIn
	};
}
const textPrefixes = /^(model\.language_model\.|language_model\.model\.|llm\.model\.)/;
const innerPrefixes = /^(language_model|llm)\./;
const otherParts = /^(model\.)?(vision|visual|audio|speech|multi_modal|multimodal|mm|image|embed_vision|embed_audio|connector|mlp1)\w*\./;
/**
* What a tensor of a multimodal checkpoint is called in its text model: `model.language_model.norm.weight` and
* `language_model.model.norm.weight` are `model.norm.weight`. Undefined for towers and projectors of other inputs.
*/
function textTensorName(name) {
	if (textPrefixes.test(name)) return name.replace(textPrefixes, "model.");
	if (innerPrefixes.test(name)) return name.replace(innerPrefixes, "");
	return otherParts.test(name) ? void 0 : name;
}
// src/layers/parameter-table.ts
/** Every parameter that a model declared while it was constructed: shapes, dtypes, and where the values come from. */
/** Bytes of a dense tensor; the platform's own layout may need a little more. */
const elementBytes = {
	f32: 4,
	bf16: 2,
	i8: 1
};
/** Collects declarations; the worker allocates and fills them. Names are unique. */
var ParameterTable = class {
	declared = [];
	constants = /* @__PURE__ */ new Map();
	declare(spec) {
		const bytes = spec.shape.reduce((product, size) => product * size, elementBytes[spec.dtype]);
		const parameter = new Parameter(spec.name, createStorage("external", bytes, spec.name), spec.shape, spec.dtype, spec.layout);
		this.declared.push({
			spec,
			parameter
		});
		return parameter;
	}
	/** A f32 constant shared by all layers that ask for the same key; `compute` runs once, after the model is constructed. */
	constant(key, shape, compute) {
		const known = this.constants.get(key);
		if (known) return known.parameter;
		const bytes = 4 * numElements(shape);
		const parameter = new Parameter(key, createStorage("external", bytes, key), shape, "f32", "rowMajor");
		this.constants.set(key, {
			parameter,
			compute
		});
		return parameter;
	}
};
// src/quantization/int8.ts
/** scale = max |w| / 127 per row, values rounded to nearest (halves up). A row of zeros has scale 0. */
function quantizeRows(rows, columns) {
	const numRows = rows.length / columns;
	const values = new Int8Array(rows.length);
	const scales = new Float32Array(numRows);
	for (let r = 0; r < numRows; r++) {
		let max = 0;
		for (let i = r * columns; i < (r + 1) * columns; i++) max = Math.max(max, Math.abs(rows[i]));
		scales[r] = max / 127;
		const inverse = max > 0 ? 127 / max : 0;
		for (let i = r * columns; i < (r + 1) * columns; i++) values[i] = Math.round(rows[i] * inverse);
	}
	return {
		values,
		scales
	};
}
/** `--quantization int8`: a quarter of f32's bytes, half of bf16's. Activations stay as the model's dtype has them. */
const int8 = {
	name: "int8",
	create({ prefix, inputSize, outputSize, parts, context }) {
		const scale = context.parameters.declare({
			name: `${prefix}.weight_scale`,
			shape: [outputSize],
			dtype: "f32",
			layout: "rowMajor",
			parts: []
		});
		const sink = (writer, rowStart, rows) => {
			const { values, scales } = quantizeRows(rows, inputSize);
			writer.writeInt8Rows(weight, rowStart, values);
			writer.writeRows(scale, rowStart, scales);
		};
		const weight = context.parameters.declare({
			name: `${prefix}.weight`,
			shape: [outputSize, inputSize],
			dtype: "i8",
			layout: "matrix",
			parts: parts.map((part) => ({
				source: weightSource(part),
				rowStart: part.outputStart,
				rowCount: part.rows.count
			})),
			sink
		});
		return { apply: (x, bias) => linearInt8(x, weight, scale, bias, context.dtype) };
	},
	createExperts({ prefix, numExperts, inputSize, outputSize, parts, context }) {
		const scale = context.parameters.declare({
			name: `${prefix}.weight_scale`,
			shape: [numExperts * outputSize],
			dtype: "f32",
			layout: "rowMajor",
			parts: []
		});
		const sink = (writer, rowStart, rows) => {
			const { values, scales } = quantizeRows(rows, inputSize);
			writer.writeInt8Rows(weight, rowStart, values);
			writer.writeRows(scale, rowStart, scales);
		};
		const weight = context.parameters.declare({
			name: `${prefix}.weight`,
			shape: [
				numExperts,
				outputSize,
				inputSize
			],
			dtype: "i8",
			layout: "matrix",
			parts: expertParts(parts, outputSize),
			sink
		});
		return { apply: (x, ids, bias) => expertLinearInt8(x, weight, scale, ids, bias, context.dtype) };
	}
};
// src/quantization/schemes.ts
const onlineSchemes = { int8 };
/**
* Chooses a method for each linear layer.
*
* @param online `--quantization`
* @param checkpointConfig `quantization_config` of config.json
* @throws UnsupportedError naming the schemes that there are
*/
function linearMethodByPrefix(online, checkpointConfig) {
	if (checkpointConfig !== void 0 && checkpointConfig !== null) {
		const method = checkpointConfig.quant_method;
		throw new UnsupportedError(`config.json: quantization_config has quant_method ${JSON.stringify(method)}; this version reads unquantized checkpoints and GGUF files, and can quantize while loading (--quantization ${Object.keys(onlineSchemes).join(" | ")})`);
	}
	if (online === void 0) return () => unquantized;
	const method = onlineSchemes[online];
	if (!method) throw new UnsupportedError(`--quantization ${online}: not known; known: ${Object.keys(onlineSchemes).join(", ")}`);
	return () => method;
}
// src/tensor/noise.ts
/** Noise as a function of its place: any part can be made alone, in any order, with the same values. */
/** A scrambled 32-bit number (the last step of MurmurHash3). */
function mixed(x) {
	x = Math.imul(x ^ x >>> 16, 2246822507);
	x = Math.imul(x ^ x >>> 13, 3266489909);
	return x ^ x >>> 16;
}
/**
* Rows of a [rows, columns] matrix: centre + scale * u, u evenly distributed in [-1, 1), in float32 arithmetic.
*
* @param seed of the matrix, 32 bits
* @returns numRows * columns values, row-major
*/
function noise({ seed, centre, scale }, rowStart, numRows, columns) {
	const { fround, imul } = Math;
	const values = new Float32Array(numRows * columns);
	const [from, factor] = [fround(centre), fround(scale)];
	for (let row = 0, to = 0; row < numRows; row++) {
		const start = mixed(seed + imul(rowStart + row, 2654435761));
		for (let column = 0; column < columns; column++) {
			const u = fround(mixed(start + imul(column, 2654435761))) / 2 ** 31;
			values[to++] = from + fround(factor * u);
		}
	}
	return values;
}
// src/quantization/gguf-dequantize-k.ts
/** GGUF's K types to float32: super-blocks of 256 elements, whose sub-blocks have small integer scales of their own. */
/** 16 bytes (scale low nibble, min high nibble), 64 bytes of 2-bit quants, d and dmin f16: d * scale * quant - dmin * min. */
function dequantizeQ2K(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 84) {
		const d = f16[bytes[at + 80] | bytes[at + 81] << 8];
		const dmin = f16[bytes[at + 82] | bytes[at + 83] << 8];
		for (let sub = 0; sub < 16; sub++, to += 16) {
			const scales = bytes[at + sub];
			const scale = d * (scales & 15);
			const min = dmin * (scales >> 4);
			const quants = at + 16 + (sub >> 3) * 32 + (sub & 1) * 16;
			const shift = sub & 6;
			for (let j = 0; j < 16; j++) out[to + j] = scale * (bytes[quants + j] >> shift & 3) - min;
		}
	}
}
/** 32 bytes of third bits, 64 bytes of 2-bit quants, 12 bytes of 6-bit scales, d f16: d * (scale - 32) * (quant - 4). */
function dequantizeQ3K(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 110) {
		const d = f16[bytes[at + 108] | bytes[at + 109] << 8];
		for (let sub = 0; sub < 16; sub++, to += 16) {
			const scale = d * ((bytes[at + 96 + (sub & 7)] >> (sub < 8 ? 0 : 4) & 15 | (bytes[at + 104 + (sub & 3)] >> 2 * (sub >> 2) & 3) << 4) - 32);
			const quants = at + 32 + (sub >> 3) * 32 + (sub & 1) * 16;
			const masks = at + (sub & 1) * 16;
			const shift = sub & 6;
			const maskShift = sub >> 1;
			for (let j = 0; j < 16; j++) {
				const quant = bytes[quants + j] >> shift & 3 | (bytes[masks + j] >> maskShift & 1) << 2;
				out[to + j] = scale * (quant - 4);
			}
		}
	}
}
/** The 6-bit scale of sub-block `sub` (0 to 7) of Q4_K and Q5_K, whose 12 packed bytes begin at `at`. */
function scaleK4(bytes, at, sub) {
	if (sub < 4) return bytes[at + sub] & 63;
	return bytes[at + sub + 4] & 15 | bytes[at + sub - 4] >> 6 << 4;
}
/** The 6-bit minimum of sub-block `sub`, packed as the scales are. */
function minK4(bytes, at, sub) {
	if (sub < 4) return bytes[at + sub + 4] & 63;
	return bytes[at + sub + 4] >> 4 | bytes[at + sub] >> 6 << 4;
}
/** d and dmin f16, 12 bytes of scales and minima, 128 bytes of nibbles: d * scale * quant - dmin * min. */
function dequantizeQ4K(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 144) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		const dmin = f16[bytes[at + 2] | bytes[at + 3] << 8];
		for (let sub = 0; sub < 8; sub++, to += 32) {
			const scale = d * scaleK4(bytes, at + 4, sub);
			const min = dmin * minK4(bytes, at + 4, sub);
			const quants = at + 16 + (sub >> 1) * 32;
			const shift = (sub & 1) * 4;
			for (let j = 0; j < 32; j++) out[to + j] = scale * (bytes[quants + j] >> shift & 15) - min;
		}
	}
}
/** As Q4_K, with 32 bytes of fifth bits before the nibbles. */
function dequantizeQ5K(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 176) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		const dmin = f16[bytes[at + 2] | bytes[at + 3] << 8];
		for (let sub = 0; sub < 8; sub++, to += 32) {
			const scale = d * scaleK4(bytes, at + 4, sub);
			const min = dmin * minK4(bytes, at + 4, sub);
			const quants = at + 48 + (sub >> 1) * 32;
			const shift = (sub & 1) * 4;
			for (let j = 0; j < 32; j++) {
				const quant = bytes[quants + j] >> shift & 15 | (bytes[at + 16 + j] >> sub & 1) << 4;
				out[to + j] = scale * quant - min;
			}
		}
	}
}
/** 128 bytes of nibbles, 64 bytes of upper 2 bits, 16 signed scales, d f16: d * scale * (quant - 32). */
function dequantizeQ6K(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 210) {
		const d = f16[bytes[at + 208] | bytes[at + 209] << 8];
		for (let sub = 0; sub < 16; sub++, to += 16) {
			const half = sub >> 3;
			const run = sub >> 1 & 3;
			const within = (sub & 1) * 16;
			const scale = d * (bytes[at + 192 + sub] << 24 >> 24);
			const low = at + half * 64 + (run & 1) * 32 + within;
			const high = at + 128 + half * 32 + within;
			const lowShift = (run >> 1) * 4;
			const highShift = run * 2;
			for (let j = 0; j < 16; j++) {
				const quant = bytes[low + j] >> lowShift & 15 | (bytes[high + j] >> highShift & 3) << 4;
				out[to + j] = scale * (quant - 32);
			}
		}
	}
}
// src/quantization/gguf-dequantize.ts
/** GGUF blocks to float32, exactly as ggml's reference: the 32-element types here, the 256-element types in gguf-dequantize-k.ts. */
const dequantizers = {
	q4_0: dequantizeQ4_0,
	q4_1: dequantizeQ4_1,
	q5_0: dequantizeQ5_0,
	q5_1: dequantizeQ5_1,
	q8_0: dequantizeQ8_0,
	q2_k: dequantizeQ2K,
	q3_k: dequantizeQ3K,
	q4_k: dequantizeQ4K,
	q5_k: dequantizeQ5K,
	q6_k: dequantizeQ6K,
	iq4_nl: dequantizeIQ4NL
};
/**
* Dequantizes the first `count` elements of `bytes` into out[0, count).
*
* The arithmetic is ggml's in float32: every product here is exact (scales have at most 17 bits, quants 8), so that a sum
* rounds once, when it is stored, whether computed in float32 or in double as here.
*
* @param count a multiple of the type's block (32 or 256)
* @throws ShapeError if count is not whole blocks, or bytes or out are too short
*/
function dequantizeGguf(storage, bytes, out, count) {
	const block = ggufBlocks[storage];
	const blocks = count / block.elements;
	if (!Number.isInteger(blocks) || blocks < 0) throw new ShapeError(`dequantize ${storage}: ${count} elements are not whole blocks of ${block.elements}`);
	if (bytes.length < blocks * block.bytes) throw new ShapeError(`dequantize ${storage}: ${count} elements need ${blocks * block.bytes} bytes, got ${bytes.length}`);
	if (out.length < count) throw new ShapeError(`dequantize ${storage}: ${count} elements do not fit into ${out.length}`);
	dequantizers[storage](bytes, out, blocks);
}
/** d f16, 16 bytes of nibbles: d * (nibble - 8). Low nibbles are elements 0 to 15, high ones 16 to 31. */
function dequantizeQ4_0(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 18, to += 32) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		for (let j = 0; j < 16; j++) {
			const pair = bytes[at + 2 + j];
			out[to + j] = d * ((pair & 15) - 8);
			out[to + j + 16] = d * ((pair >> 4) - 8);
		}
	}
}
/** d and m f16, 16 bytes of nibbles: d * nibble + m. */
function dequantizeQ4_1(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 20, to += 32) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		const m = f16[bytes[at + 2] | bytes[at + 3] << 8];
		for (let j = 0; j < 16; j++) {
			const pair = bytes[at + 4 + j];
			out[to + j] = d * (pair & 15) + m;
			out[to + j + 16] = d * (pair >> 4) + m;
		}
	}
}
/** d f16, 32 fifth bits, 16 bytes of nibbles: d * (quant - 16). */
function dequantizeQ5_0(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 22, to += 32) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		const low = bytes[at + 2] | bytes[at + 3] << 8;
		const high = bytes[at + 4] | bytes[at + 5] << 8;
		for (let j = 0; j < 16; j++) {
			const pair = bytes[at + 6 + j];
			out[to + j] = d * ((pair & 15 | (low >> j & 1) << 4) - 16);
			out[to + j + 16] = d * ((pair >> 4 | (high >> j & 1) << 4) - 16);
		}
	}
}
/** d and m f16, 32 fifth bits, 16 bytes of nibbles: d * quant + m. */
function dequantizeQ5_1(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 24, to += 32) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		const m = f16[bytes[at + 2] | bytes[at + 3] << 8];
		const low = bytes[at + 4] | bytes[at + 5] << 8;
		const high = bytes[at + 6] | bytes[at + 7] << 8;
		for (let j = 0; j < 16; j++) {
			const pair = bytes[at + 8 + j];
			out[to + j] = d * (pair & 15 | (low >> j & 1) << 4) + m;
			out[to + j + 16] = d * (pair >> 4 | (high >> j & 1) << 4) + m;
		}
	}
}
/** d f16, 32 signed bytes: d * quant. */
function dequantizeQ8_0(bytes, out, blocks) {
	const f16 = f16Values();
	const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 34, to += 32) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		for (let j = 0; j < 32; j++) out[to + j] = d * signed[at + 2 + j];
	}
}
/** IQ4_NL's sixteen values. */
const nonLinear = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
/** d f16, 16 bytes of nibbles that index a table of unevenly spaced values. */
function dequantizeIQ4NL(bytes, out, blocks) {
	const f16 = f16Values();
	for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 18, to += 32) {
		const d = f16[bytes[at] | bytes[at + 1] << 8];
		for (let j = 0; j < 16; j++) {
			const pair = bytes[at + 2 + j];
			out[to + j] = d * nonLinear[pair & 15];
			out[to + j + 16] = d * nonLinear[pair >> 4];
		}
	}
}
// src/worker/gather-view.ts
/** Elements that lie so far apart are read with those between them: one read, not one for each. */
const nearStride = 4;
/** Dimensions from the outermost in the file to the innermost, and how far elements of the innermost are apart in memory. */
function fileOrder(view) {
	const order = view.shape.map((_, d) => d).sort((a, b) => view.strides[b] - view.strides[a] || a - b);
	const innermost = order.findLast((d) => view.shape[d] > 1);
	const stride = innermost === void 0 ? 1 : view.strides[innermost];
	return {
		order,
		unit: stride <= nearStride ? stride : 1
	};
}
/** Elements of the staging memory that stageView fills. */
function stageElements(view) {
	return view.shape.reduce((product, size) => product * size, fileOrder(view).unit);
}
/** The same elements in memory, close together in the order of the file: strides and offset are those of the staging memory. */
function stageView(view, read) {
	const { order, unit } = fileOrder(view);
	const strides = new Array(order.length);
	let size = unit;
	for (const d of order.toReversed()) {
		strides[d] = size;
		size *= view.shape[d];
	}
	let run = unit;
	let outer = order.length;
	while (outer > 0 && (view.shape[order[outer - 1]] === 1 || view.strides[order[outer - 1]] === run)) run *= view.shape[order[--outer]];
	const walk = (i, start, at) => {
		if (i === outer) return read(start, run - (unit - 1), at);
		const d = order[i];
		for (let n = 0; n < view.shape[d]; n++) walk(i + 1, start + n * view.strides[d], at + n * strides[d]);
	};
	walk(0, view.offset, 0);
	return {
		shape: view.shape,
		strides,
		offset: 0
	};
}
/** Rows [row, row + count) of a view over `from` to `to`, dense, in the view's order. */
function gatherRows(view, from, row, count, to) {
	const { shape, strides } = view;
	const last = shape.length - 1;
	const bytes = to.byteLength / (count * shape.slice(1).reduce((product, size) => product * size, 1));
	const source = wordsOf(from, bytes);
	const target = wordsOf(to, bytes);
	let at = 0;
	const walk = (d, start, index, end) => {
		const stride = strides[d];
		if (d < last) for (let i = index; i < end; i++) walk(d + 1, start + i * stride, 0, shape[d + 1]);
		else for (let i = index; i < end; i++) target[at++] = source[start + i * stride];
	};
	walk(0, view.offset, row, row + count);
}
function wordsOf({ buffer, byteOffset, byteLength }, bytes) {
	const Array = {
		2: Uint16Array,
		4: Uint32Array,
		8: BigUint64Array
	}[bytes] ?? Uint8Array;
	return new Array(buffer, byteOffset, byteLength / Array.BYTES_PER_ELEMENT);
}
// src/worker/parameter-memory.ts
/** Parameters share a piece up to this size; a larger one has its own. */
const maxPieceBytes = 2 ** 30;
const alignment = 256;
/** Gives every parameter and constant its memory. Returns all bytes. */
function allocateParameters(platform, table) {
	const before = platform.allocatedBytes;
	const pieces = new Pieces(platform);
	for (const { parameter, spec } of table.declared) {
		const { count, rows, columns } = matrixSizes(spec.shape);
		const bytes = spec.layout === "matrix" ? count * platform.matrixBytes(rows, columns, spec.dtype) : parameter.bytes;
		pieces.add(parameter.storage, bytes, spec.name);
	}
	for (const [key, { parameter }] of table.constants) pieces.add(parameter.storage, parameter.bytes, key);
	pieces.allocate();
	return platform.allocatedBytes - before;
}
/** Computes the constants. @throws ShapeError if one is not as long as it was declared */
function writeConstants(platform, table) {
	for (const [key, { parameter, compute }] of table.constants) {
		const values = compute();
		if (values.byteLength !== parameter.bytes) throw new ShapeError(`constant ${key}: ${parameter} was declared, ${values.length} values were computed`);
		platform.write(parameter.storage.address, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
	}
}
/** Matrices of a parameter: one of shape [rows, columns] (or a vector's elements), or `count` of [count, rows, columns]. */
function matrixSizes(shape) {
	if (shape.length < 3) return {
		count: 1,
		rows: shape[0],
		columns: shape[1] ?? 1
	};
	return {
		count: shape[0],
		rows: shape[1],
		columns: shape[2]
	};
}
/**
* The matrix that holds a row of a matrix parameter, as the platform's methods take it, and the row's number in it. Rows of
* [count, rows, columns] are counted through all matrices.
*/
function matrixAt(platform, parameter, row) {
	const { rows, columns } = matrixSizes(parameter.shape);
	const { dtype, storage } = parameter;
	const index = Math.floor(row / rows);
	return {
		matrix: {
			address: storage.address + (index === 0 ? 0 : index * platform.matrixBytes(rows, columns, dtype)),
			rows,
			columns,
			dtype
		},
		row: row - index * rows
	};
}
/** All values of a matrix parameter as f32, row-major. */
function readParameter(platform, parameter) {
	const { count, rows, columns } = matrixSizes(parameter.shape);
	const values = new Float32Array(count * rows * columns);
	for (let i = 0; i < count; i++) values.set(platform.readMatrixRows(matrixAt(platform, parameter, i * rows).matrix, 0, rows), i * rows * columns);
	return values;
}
/** Collects storages until they fill a piece. */
var Pieces = class {
	platform;
	members = [];
	bytes = 0;
	constructor(platform) {
		this.platform = platform;
	}
	add(storage, bytes, label) {
		const size = Math.ceil(bytes / alignment) * alignment;
		if (this.bytes + size > maxPieceBytes) this.allocate();
		this.members.push({
			storage,
			offset: this.bytes,
			label
		});
		this.bytes += size;
	}
	allocate() {
		const [first, last] = [this.members[0], this.members.at(-1)];
		if (!first || !last) return;
		const label = first === last ? first.label : `weights from ${first.label} to ${last.label}`;
		const address = this.platform.allocate(this.bytes, label);
		for (const { storage, offset } of this.members) storage.address = address + offset;
		this.members = [];
		this.bytes = 0;
	}
};
// src/worker/stored-rows.ts
/** True when each row (everything but the first dimension) is one dense run. */
function isRowDense(shape, strides) {
	let dense = 1;
	for (let i = shape.length - 1; i >= 1; i--) {
		if (shape[i] !== 1 && strides[i] !== dense) return false;
		dense *= shape[i];
	}
	return shape.length > 1 || strides[0] === 1;
}
/** The part as rows in a file; undefined where they must be read, gathered or quantized here. */
function storedRows(platform, checkpoint, { declared: { spec, parameter } }, { part, tensor, view }) {
	const { storage } = tensor;
	const isLoadable = storage === "f32" || storage === "bf16" || storage === "f16" || isGgufBlockType(storage);
	if (spec.sink || spec.layout !== "matrix" || !isLoadable || view.shape.length < 2) return void 0;
	if (!isRowDense(view.shape, view.strides)) return void 0;
	const place = checkpoint.place(tensor.name);
	const { elements, bytes } = blockLayout(storage);
	const stride = view.strides[0];
	const tensorRow = tensor.shape.slice(1).reduce((product, size) => product * size, 1);
	if (!place || stride <= 0 || stride % elements !== 0) return void 0;
	if (place.pairedRows > 0 && stride !== tensorRow) return void 0;
	const sourceRow = Math.floor(view.offset / stride);
	const { matrix, row } = matrixAt(platform, parameter, part.rowStart);
	return {
		matrix,
		rowStart: row,
		numRows: view.shape[0],
		storage,
		descriptor: place.descriptor,
		position: place.position + (view.offset - sourceRow * stride) / elements * bytes,
		rowBytes: stride / elements * bytes,
		sourceRow,
		pairedRows: place.pairedRows,
		label: `${tensor.file}: tensor ${JSON.stringify(tensor.name)}`
	};
}
// src/worker/weight-plan.ts
/** Buffers that old checkpoints carry and no model needs. */
const alwaysIgnored = [
	/(^|\.)rotary_emb\.inv_freq$/,
	/(^|\.)rotary_pos_emb\.inv_freq$/,
	/\.(attn|attention)\.masked_bias$/
];
const loadable = /* @__PURE__ */ new Set([
	"f32",
	"f16",
	"bf16",
	"f64"
]);
/** Problems beyond this many are counted, not listed. */
const maxListed = 40;
/**
* @throws CheckpointError listing missing, misshapen, unexpected and duplicate tensors, with both shapes and the closest name
*/
function planWeights(where, declared, tensors, rules) {
	const problems = [];
	const byName = renamed(tensors, rules, problems);
	const used = /* @__PURE__ */ new Set();
	const wanted = new Set(declared.flatMap(({ spec }) => spec.parts.map(({ source }) => source.name)));
	const spare = [...byName.keys()].filter((name) => !wanted.has(name));
	const parameters = declared.map((entry) => ({
		declared: entry,
		parts: planParts(entry, byName, spare, used, problems)
	}));
	const ignored = [
		...alwaysIgnored,
		...rules.ignored ?? [],
		...rules.tiedHead ? [/^lm_head\.weight$/] : []
	];
	const unused = [...byName.keys()].filter((name) => !used.has(name));
	for (const name of unused.filter((candidate) => !ignored.some((pattern) => pattern.test(candidate)))) {
		const tensor = byName.get(name);
		problems.push(`unexpected tensor "${tensor.name}" ${formatShape(tensor.shape)}: the model has no parameter for it`);
	}
	if (problems.length > 0) throw new CheckpointError(report(where, problems));
	return {
		parameters,
		ignored: unused,
		bytes: parameters.reduce((sum, { parts }) => sum + parts.reduce((s, part) => s + partBytes(part), 0), 0)
	};
}
/** Bytes of the storage that one part reads. */
function partBytes({ view, tensor }) {
	const { elements, bytes } = blockLayout(tensor.storage);
	return numElements(view.shape) / elements * bytes;
}
function renamed(tensors, { renames = [], nameOf = (name) => name }, problems) {
	const byName = /* @__PURE__ */ new Map();
	for (const tensor of tensors.values()) {
		const published = nameOf(tensor.name);
		if (published === void 0) continue;
		const rule = renames.find(([from]) => from.test(published));
		const name = rule ? published.replace(rule[0], rule[1]) : published;
		const other = byName.get(name);
		if (other) problems.push(`duplicate tensor: "${other.name}" and "${tensor.name}" are both "${name}"`);
		byName.set(name, tensor);
	}
	return byName;
}
/** A tensor that fills many parts of a parameter (a fused projection) is told once. */
function planParts(entry, byName, spare, used, problems) {
	const failed = /* @__PURE__ */ new Set();
	const planned = [];
	for (const part of entry.spec.parts) {
		if (failed.has(part.source.name)) continue;
		const found = planPart(entry, part, byName, spare, used, problems);
		if (found) planned.push(found);
		else failed.add(part.source.name);
	}
	return planned;
}
function planPart({ spec }, part, byName, spare, used, problems) {
	const { source } = part;
	const owner = spec.name.replace(/\.[^.]*$/, "");
	const tensor = byName.get(source.name);
	if (!tensor) {
		const near = problems.length < maxListed ? closest(source.name, spare)[0] ?? closest(source.name, byName.keys())[0] : void 0;
		problems.push(`${owner} needs "${source.name}" ${formatShape(source.shape)}; not in the checkpoint${near ? `; closest: "${near}"` : ""}`);
		return;
	}
	used.add(source.name);
	if (!sameShape(tensor.shape, source.shape)) {
		problems.push(`${owner}: "${tensor.name}" must be ${formatShape(source.shape)} by the model, the checkpoint has ${formatShape(tensor.shape)}`);
		return;
	}
	if (!loadable.has(tensor.storage) && !isGgufBlockType(tensor.storage)) {
		problems.push(`${owner}: "${tensor.name}" is stored as ${tensor.storage}; weights must be ${[...loadable].join(", ")} or a GGUF type`);
		return;
	}
	const view = source.view();
	const block = blockLayout(tensor.storage).elements;
	const whole = view.strides[view.strides.length - 1] === 1 && view.offset % block === 0 && view.shape[view.shape.length - 1] % block === 0;
	if (block > 1 && !whole) {
		problems.push(`${owner}: "${tensor.name}" is stored in blocks of ${block} (${tensor.storage}), which this cut or transposition would break`);
		return;
	}
	return {
		part,
		tensor,
		view
	};
}
function report(where, problems) {
	const listed = problems.slice(0, maxListed).map((problem) => `  - ${problem}`);
	if (problems.length > maxListed) listed.push(`  - and ${problems.length - maxListed} more`);
	return `${where}: the checkpoint does not fit the model, ${problems.length} problem${problems.length > 1 ? "s" : ""}:\n${listed.join("\n")}`;
}
// src/worker/load-weights.ts
/** Elements that are read and converted at once. */
const chunkElements$1 = 2 ** 20;
/** Writes f32 or int8 rows into parameters. */
function parameterWriter(platform) {
	return {
		writeRows(parameter, rowStart, values) {
			const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
			if (parameter.layout === "rowMajor") {
				const rowBytes = parameter.bytes / parameter.size(0);
				platform.write(parameter.storage.address + rowStart * rowBytes, bytes);
			} else writeMatrixRows(platform, parameter, rowStart, bytes, "f32");
		},
		writeInt8Rows(parameter, rowStart, values) {
			writeMatrixRows(platform, parameter, rowStart, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), "i8");
		}
	};
}
/** Rows of one matrix of a parameter. */
function writeMatrixRows(platform, parameter, rowStart, bytes, dtype) {
	const { matrix, row } = matrixAt(platform, parameter, rowStart);
	const numRows = bytes.byteLength / dtypeBytes[dtype] / matrix.columns;
	platform.writeMatrixRows(matrix, row, numRows, bytes, dtype);
}
/**
* Reads every planned part: the platform what it can read from the files by itself, the rest is read here. The platform
* begins before this returns its promise. Yields to the event loop now and then; `progress` counts bytes of the checkpoint.
*/
async function loadWeights(platform, checkpoint, plan, progress) {
	const writer = parameterWriter(platform);
	let done = 0;
	const loads = [];
	const rest = [];
	for (const planned of plan.parameters) for (const part of planned.parts) {
		const rows = platform.loadMatrixRows && storedRows(platform, checkpoint, planned, part);
		if (rows) loads.push(rows);
		else rest.push([planned, part]);
		if (rows) done += partBytes(part);
	}
	const loading = platform.loadMatrixRows?.(loads, (bytes) => progress(bytes, plan.bytes));
	progress(0, plan.bytes);
	await loading;
	const reader = new PartReader(checkpoint);
	let yielded = Date.now();
	for (const [planned, part] of rest) for (const chunk of reader.chunks(part)) {
		store(platform, writer, planned, part, chunk);
		done += chunk.bytes.byteLength;
		if (Date.now() - yielded < 40) continue;
		progress(done, plan.bytes);
		await new Promise((resolve) => setImmediate(resolve));
		yielded = Date.now();
	}
	progress(plan.bytes, plan.bytes);
}
function store(platform, writer, planned, part, chunk) {
	const { spec, parameter } = planned.declared;
	const rowStart = part.part.rowStart + chunk.rowStart;
	const { storage } = chunk;
	if (!spec.sink && spec.layout === "matrix" && (storage === "f32" || storage === "bf16" || storage === "f16")) return writeMatrixRows(platform, parameter, rowStart, chunk.bytes, storage);
	const count = chunk.bytes.byteLength / blockLayout(storage).bytes * blockLayout(storage).elements;
	const values = toF32(storage, chunk.bytes, count);
	if (spec.sink) spec.sink(writer, rowStart, values);
	else writer.writeRows(parameter, rowStart, values);
}
let scratch = /* @__PURE__ */ new Float32Array(0);
/** Values as f32, exact for every storage type but f64; the result is void at the next call. */
function toF32(storage, bytes, count) {
	const { buffer, byteOffset } = bytes;
	if (storage === "f32") return new Float32Array(buffer, byteOffset, count);
	if (scratch.length < count) scratch = new Float32Array(count);
	const out = scratch.subarray(0, count);
	if (isGgufBlockType(storage)) dequantizeGguf(storage, bytes, out, count);
	else if (storage === "bf16") bf16ToF32(new Uint16Array(buffer, byteOffset, count), out);
	else if (storage === "f16") f16ToF32(new Uint16Array(buffer, byteOffset, count), out);
	else out.set(new Float64Array(buffer, byteOffset, count));
	return out;
}
/** Reads the rows of a strided view from a dense tensor. */
var PartReader = class {
	checkpoint;
	buffer = /* @__PURE__ */ new Uint8Array(0);
	constructor(checkpoint) {
		this.checkpoint = checkpoint;
	}
	*chunks(planned) {
		const { tensor, view } = planned;
		const [numRows, ...inner] = view.shape;
		const rowSize = inner.reduce((product, size) => product * size, 1);
		if (!isRowDense(view.shape, view.strides)) return yield* this.gathered(planned, numRows, rowSize);
		const { elements, bytes } = blockLayout(tensor.storage);
		const toBytes = (count) => count / elements * bytes;
		const rowsPerChunk = Math.max(1, Math.floor(chunkElements$1 / rowSize));
		const stride = view.shape.length === 1 ? 1 : view.strides[0];
		for (let row = 0; row < numRows; row += rowsPerChunk) {
			const count = Math.min(rowsPerChunk, numRows - row);
			const target = this.space(toBytes(count * rowSize));
			if (stride === rowSize) this.checkpoint.read(tensor.name, toBytes(view.offset + row * stride), target.byteLength, target);
			else for (let i = 0; i < count; i++) this.checkpoint.read(tensor.name, toBytes(view.offset + (row + i) * stride), toBytes(rowSize), target, toBytes(i * rowSize));
			yield {
				rowStart: row,
				numRows: count,
				bytes: target,
				storage: tensor.storage
			};
		}
	}
	/** A transposed or permuted view. */
	*gathered({ tensor, view }, numRows, rowSize) {
		const { bytes } = blockLayout(tensor.storage);
		const stage = new Uint8Array(stageElements(view) * bytes);
		const staged = stageView(view, (start, count, at) => this.checkpoint.read(tensor.name, start * bytes, count * bytes, stage, at * bytes));
		const rowsPerChunk = Math.max(1, Math.floor(chunkElements$1 / rowSize));
		for (let row = 0; row < numRows; row += rowsPerChunk) {
			const count = Math.min(rowsPerChunk, numRows - row);
			const target = this.space(count * rowSize * bytes);
			gatherRows(staged, stage, row, count, target);
			yield {
				rowStart: row,
				numRows: count,
				bytes: target,
				storage: tensor.storage
			};
		}
	}
	space(bytes) {
		if (this.buffer.byteLength < bytes) this.buffer = new Uint8Array(new ArrayBuffer(bytes));
		return this.buffer.subarray(0, bytes);
	}
};
// src/worker/dummy-weights.ts
const chunkElements = 2 ** 20;
/** FNV-1a of a name, from a number on. */
function hashed(name, seed) {
	let hash = (seed ^ 2166136261) >>> 0;
	for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619) >>> 0;
	return hash;
}
/**
* Matrices get values of about 1 / sqrt(columns), vectors (norms, biases) 1 +- 0.1 and 0 +- 0.1. A parameter of several matrices
* has a fill for each.
*/
function fillsOf(platform, { spec, parameter }, seed) {
	const { count, rows, columns } = matrixSizes(spec.shape);
	const isVector = spec.shape.length === 1;
	return Array.from({ length: count }, (_, i) => ({
		target: {
			...matrixAt(platform, parameter, i * rows).matrix,
			rows,
			columns
		},
		isMatrix: spec.layout === "matrix",
		seed: hashed(count === 1 ? spec.name : `${spec.name}.${i}`, seed),
		centre: isVector && !spec.name.endsWith("bias") ? 1 : 0,
		scale: isVector ? .1 : 1.7 / Math.sqrt(columns)
	}));
}
/** Values depend on the seed, the parameter's name and the place in it; they are the same on every platform. */
async function fillDummyWeights(platform, table, seed) {
	const filled = table.declared.filter(({ spec }) => spec.parts.length > 0);
	const isByRows = (entry) => platform.fillNoise === void 0 || entry.spec.sink !== void 0;
	const whole = filled.filter((entry) => !isByRows(entry));
	await platform.fillNoise?.(whole.flatMap((entry) => fillsOf(platform, entry, seed)));
	const writer = parameterWriter(platform);
	for (const entry of filled.filter(isByRows)) for (const [i, fill] of fillsOf(platform, entry, seed).entries()) await fillByRows(writer, entry, fill, i);
}
/** The i-th matrix of a parameter, some rows at a time. */
async function fillByRows(writer, { spec, parameter }, fill, i) {
	const { rows, columns } = fill.target;
	const rowsPerChunk = Math.max(1, Math.floor(chunkElements / columns));
	for (let row = 0; row < rows; row += rowsPerChunk) {
		const values = noise(fill, row, Math.min(rowsPerChunk, rows - row), columns);
		if (spec.sink) spec.sink(writer, i * rows + row, values);
		else writer.writeRows(parameter, i * rows + row, values);
		await new Promise((resolve) => setImmediate(resolve));
	}
}
// src/worker/model-config.ts
/** config.json with `--hf-overrides` on top; objects are merged, everything else replaced. */
function overrideConfig(raw, overrides) {
	const merged = { ...raw };
	for (const [key, value] of Object.entries(overrides)) {
		const old = merged[key];
		merged[key] = isObject(old) && isObject(value) ? overrideConfig(old, value) : value;
	}
	return merged;
}
/** The class for a config.json, overrides and all, and lines about how it was chosen. */
async function findModelClass(whole, note) {
	const { raw, nestedIn } = textConfig(whole);
	const named = namedArchitectures(raw.architectures, [raw.model_type, whole.model_type]);
	const found = await loadModelClass(named.names, note);
	const remarks = [];
	const { architecture } = found;
	if (named.modelType !== void 0) remarks.push(`config.json has no architectures; model_type "${named.modelType}" is taken as ${architecture}`);
	if (named.names.length > 1) remarks.push(`config.json names architectures ${named.names.join(", ")}; ${architecture} is the first one supported`);
	if (nestedIn !== void 0) remarks.push(`${architecture} is the text model of config.json's ${nestedIn}; tensors for other inputs are not loaded`);
	return {
		...found,
		remarks
	};
}
/** The model's fields. @throws ConfigError that says so where they are nested */
function parseFields(modelClass, { raw, nestedIn }) {
	try {
		return modelClass.config.parse(raw);
	} catch (error) {
		if (nestedIn === void 0 || !(error instanceof ConfigError)) throw error;
		throw new ConfigError(error.message.replaceAll("config.json: ", `config.json: ${nestedIn}.`), { cause: error });
	}
}
/** A line for each override that is near to a field of config.json and not one: a new field may be meant, or a slip. */
function unknownOverrides(published, overrides, path = "") {
	return Object.entries(overrides).flatMap(([key, value]) => {
		const old = published[key];
		if (Object.hasOwn(published, key)) return isObject(old) && isObject(value) ? unknownOverrides(old, value, `${path}${key}.`) : [];
		const near = Object.keys(published).find((name) => editDistance(name, key) <= 2);
		return near ? [`--hf-overrides: config.json has no ${path}${key}, it is added; closest: ${path}${near}`] : [];
	});
}
// src/worker/load-model.ts
/** From a checkpoint to a model with its weights on a platform. */
const publishedDtypes = [
	"float32",
	"float16",
	"bfloat16"
];
/**
* dtype of weights and activations for `--dtype auto`: f32 where the checkpoint is f32, else bf16. config.json's own word
* comes first; a GGUF file, or a config without one, is judged by its tensors.
*/
function resolveDtype(wanted, raw, checkpoint) {
	if (wanted === "float32") return "f32";
	if (wanted === "bfloat16") return "bf16";
	const published = rawValue(raw, "dtype") ?? rawValue(raw, "torch_dtype");
	if (published !== void 0) {
		if (!publishedDtypes.includes(published)) wrongField("dtype", `one of ${publishedDtypes.join(", ")}`, published);
		return published === "float32" ? "f32" : "bf16";
	}
	const matrices = [...checkpoint?.tensors.values() ?? []].filter(({ shape }) => shape.length > 1);
	return matrices.length > 0 && matrices.every(({ storage }) => storage === "f32") ? "f32" : "bf16";
}
/**
* Reads config.json and constructs the model. `config.model` is a path here.
* @param note a sentence for the error about an unknown architecture: what may be missing
* @throws CheckpointError, ConfigError or UnsupportedError with what does not fit
*/
async function constructModel(config, instruments = {}, note = "") {
	const isDummy = config.loadFormat === "dummy";
	if (existsSync(join(config.model, "config.json"))) await findModelClass(overrideConfig(readConfig(config.model), config.hfOverrides), note);
	const checkpoint = isDummy ? void 0 : openCheckpoint(config.model);
	try {
		const published = checkpoint?.config ?? readConfig(config.model);
		const whole = overrideConfig(published, config.hfOverrides);
		const { architecture, modelClass, remarks } = await findModelClass(whole, note);
		const text = textConfig(whole);
		const { raw } = text;
		const maxModelLen = resolveMaxModelLen(raw, typeof config.maxModelLen === "number" ? config.maxModelLen : void 0);
		const dtype = resolveDtype(config.dtype, raw, checkpoint);
		const chosen = linearMethodByPrefix(config.quantization, raw.quantization_config ?? raw.compression_config);
		const { linearMethod } = instruments;
		const context = {
			parameters: new ParameterTable(),
			parallel: instruments.parallel ?? {
				rank: 0,
				worldSize: config.tensorParallelSize
			},
			dtype,
			maxModelLen,
			linearMethod: linearMethod ? (prefix) => linearMethod(prefix, chosen(prefix)) : chosen,
			layerCaches: /* @__PURE__ */ new Map(),
			claimed: /* @__PURE__ */ new Map(),
			watch: instruments.watch
		};
		return {
			model: construct(architecture, modelClass, new Prefix("", parseFields(modelClass, text), context)),
			modelClass,
			architecture,
			raw,
			nestedIn: text.nestedIn,
			remarks: [...unknownOverrides(published, config.hfOverrides), ...remarks],
			generationConfig: checkpoint ? checkpoint.generationConfig : readGenerationConfig(config.model),
			parameters: context.parameters,
			layerCaches: context.layerCaches,
			dtype,
			maxModelLen,
			checkpoint,
			ignored: instruments.ignored ?? []
		};
	} catch (error) {
		checkpoint?.close();
		throw error;
	}
}
/** Builds the module tree; a plain TypeError inside it is told with its place. */
function construct(architecture, modelClass, prefix) {
	try {
		return new modelClass(prefix);
	} catch (cause) {
		if (!(cause instanceof TypeError)) throw cause;
		const place = cause.stack?.split("\n").find((line) => line.trim().startsWith("at ")) ?? "";
		throw new ConfigError(`${architecture}: its constructor failed ${place.trim()}: ${cause.message}; class fields are set in the order in which they stand`, { cause });
	}
}
/** Which tensor of the checkpoint fills which parameter. @throws CheckpointError listing all that does not fit */
function planModel(constructed) {
	const { checkpoint, parameters, model, modelClass, ignored: cut, nestedIn } = constructed;
	if (!checkpoint) return void 0;
	const declaresHead = parameters.declared.some(({ spec }) => spec.name === "lm_head.weight");
	const { renames, ignored = [], ignoredBy } = modelClass;
	return planWeights(checkpoint.path, parameters.declared, checkpoint.tensors, {
		renames,
		ignored: [
			...cut,
			...ignored,
			...ignoredBy?.(model.config) ?? []
		],
		tiedHead: !declaresHead,
		nameOf: nestedIn === void 0 ? void 0 : textTensorName
	});
}
/** Checks everything and gives the weights their memory. Returns its bytes. @throws CheckpointError, ResourceError */
function placeModel(platform, constructed) {
	return {
		plan: planModel(constructed),
		weightBytes: allocateParameters(platform, constructed.parameters)
	};
}
/** Fills the weights and closes the checkpoint. Work that the platform does by itself has begun when the promise is there. */
async function fillModel(platform, { checkpoint, parameters }, { plan, weightBytes }, seed, progress) {
	try {
		const filling = plan && checkpoint ? loadWeights(platform, checkpoint, plan, progress) : fillDummyWeights(platform, parameters, seed);
		try {
			if (!plan) progress(0, weightBytes);
			writeConstants(platform, parameters);
		} finally {
			await filling;
		}
		if (!plan) progress(weightBytes, weightBytes);
	} finally {
		checkpoint?.close();
	}
}
// src/request/scheduler-output.ts
/**
* Whether a request samples in this step: only when its scheduled tokens reach its last known one, because only that
* one's logits choose the next token. A chunk of a prompt, or of a recomputed request, that ends earlier samples nothing.
*
* @param numComputedTokens  tokens computed before this step
* @param numScheduledTokens tokens of this step
* @param numTokens          prompt and output tokens that the request has before sampling
*/
function reachesLastToken(numComputedTokens, numScheduledTokens, numTokens) {
	return numComputedTokens + numScheduledTokens >= numTokens;
}
// src/sampling/apply-lists.ts
/** The sampler's first stages in TypeScript, for rows that a logits processor changes on the way. As platform/reference/sample.ts. */
/** Allowed ids, banned ids, bias, in place. */
function applyLists(logits, { state, outputTokenIds }) {
	const { params, allowedTokenIds, bias, stopTokenIds } = state;
	if (allowedTokenIds !== null) {
		const allowed = new Set(allowedTokenIds);
		for (let id = 0; id < logits.length; id++) if (!allowed.has(id)) logits[id] = -Infinity;
	}
	if (outputTokenIds.length < params.minTokens) for (const id of stopTokenIds) logits[id] = -Infinity;
	banBadWords(params.badWordsTokenIds, outputTokenIds, (id) => logits[id] = -Infinity);
	const biases = new Float32Array(bias.buffer, bias.byteOffset, bias.length);
	for (let i = 0; i < bias.length; i += 2) logits[bias[i]] += biases[i + 1];
}
/** Penalties, temperature and min-p, in place; each value is rounded to f32 when it is stored. Not for greedy requests. */
function applyDraw(logits, { state, outputTokenIds }) {
	const { params, penaltyCounts } = state;
	const [repetition, frequency, presence] = [
		params.repetitionPenalty,
		params.frequencyPenalty,
		params.presencePenalty
	].map(Math.fround);
	penaltyCounts?.update(outputTokenIds);
	const entries = penaltyCounts?.entries ?? [];
	for (let i = 0; i < entries.length; i += 2) {
		const [id, count] = [entries[i], entries[i + 1]];
		if (id >= logits.length) continue;
		logits[id] = logits[id] > 0 ? logits[id] / repetition : logits[id] * repetition;
		logits[id] -= Math.fround(frequency * count);
		if (count > 0) logits[id] -= presence;
	}
	const temperature = Math.fround(params.temperature);
	for (let id = 0; id < logits.length; id++) logits[id] /= temperature;
	if (params.minP === 0) return;
	const limit = logits.reduce((a, b) => Math.max(a, b), -Infinity) + Math.log(Math.fround(params.minP));
	for (let id = 0; id < logits.length; id++) if (logits[id] < limit) logits[id] = -Infinity;
}
// src/sampling/logits-editor.ts
/** One per worker. */
var LogitsEditor = class {
	vocabSize;
	running = /* @__PURE__ */ new Map();
	requests = /* @__PURE__ */ new Map();
	constructor(vocabSize) {
		this.vocabSize = vocabSize;
	}
	/** A request that comes. Costs nothing where no processor touches it. */
	add(request) {
		const chosen = request.params.logitsProcessors;
		const running = [];
		for (const [name, definition] of logitsProcessors()) if (definition.appliesTo === "all" || chosen.includes(name)) {
			const one = this.start(name, definition);
			if (!one.isArgmaxInvariant || !isGreedy(request.params)) running.push(one);
		}
		const functions = chosen.filter((one) => typeof one === "function");
		if (running.length === 0 && functions.length === 0) return;
		for (const one of running) one.added.push(request);
		this.requests.set(request.requestId, {
			request,
			running,
			functions
		});
	}
	remove(requestId) {
		const edited = this.requests.get(requestId);
		if (!edited) return;
		this.requests.delete(requestId);
		for (const one of edited.running) {
			const isKnown = !one.added.some((request) => request.requestId === requestId);
			one.added = one.added.filter((request) => request.requestId !== requestId);
			if (isKnown) one.removed.push(requestId);
		}
	}
	/** Whether anything changes this request's rows. */
	touches(requestId) {
		return this.requests.has(requestId);
	}
	/** Changes rows of requests that it touches; returns for each the stages that are done, or an error that ends its request. */
	edit(rows) {
		const failed = /* @__PURE__ */ new Map();
		const ofRow = (row) => this.requests.get(row.requestId);
		for (const { row, logits } of rows) applyLists(logits, row);
		this.applyAll(rows, ofRow, false, failed);
		for (const row of rows) for (const change of ofRow(row).functions) if (!failed.has(row)) this.applyFunction(change, row, ofRow(row).request, failed);
		const drawn = rows.filter((row) => ofRow(row).running.some((one) => one.isArgmaxInvariant));
		for (const { row, logits } of drawn) applyDraw(logits, row);
		this.applyAll(drawn, ofRow, true, failed);
		return rows.map((row) => failed.get(row) ?? (drawn.includes(row) ? "draw" : "lists"));
	}
	start(name, definition) {
		let one = this.running.get(definition);
		if (!one) {
			const processor = "create" in definition ? definition.create({ vocabSize: this.vocabSize }) : definition;
			one = {
				name,
				isArgmaxInvariant: definition.isArgmaxInvariant === true,
				processor,
				added: [],
				removed: []
			};
			this.running.set(definition, one);
		}
		return one;
	}
	/** Processors of one kind, in the order in which they were registered. */
	applyAll(rows, ofRow, isArgmaxInvariant, failed) {
		for (const definition of logitsProcessors().values()) {
			const one = this.running.get(definition);
			if (!one || one.isArgmaxInvariant !== isArgmaxInvariant) continue;
			const its = rows.filter((row) => ofRow(row).running.includes(one) && !failed.has(row));
			if (its.length === 0) continue;
			try {
				const { added, removed } = one;
				[one.added, one.removed] = [[], []];
				if (added.length > 0 || removed.length > 0) one.processor.updateState?.({
					added,
					removed
				});
				one.processor.apply(its.map(({ logits }) => logits), its.map((row) => ofRow(row).request));
			} catch (cause) {
				const error = new Error(`logits processor ${one.name} failed: ${messageOf(cause)}`, { cause });
				for (const row of its) failed.set(row, error);
			}
		}
	}
	applyFunction(change, row, request, failed) {
		const { logits } = row;
		try {
			const returned = change(request.outputTokenIds, logits, request.promptTokenIds);
			if (returned === void 0 || returned === logits) return;
			if (!(returned instanceof Float32Array) || returned.length !== logits.length) throw new Error(`it must return nothing, or a Float32Array of ${logits.length} logits`);
			logits.set(returned);
		} catch (cause) {
			failed.set(row, new Error(`a function in logitsProcessors failed: ${messageOf(cause)}`, { cause }));
		}
	}
};
// src/worker/edited-logits.ts
/** Steps with rows that logits processors change: logits, then TypeScript, then the sampler. Other steps do not come here. */
/** Runs such steps; its programs and its memory for logits are made when the first comes. */
var EditedLogits = class {
	parts;
	address = 0;
	capacity = 0;
	constructor(parts) {
		this.parts = parts;
	}
	/** Whether any of the rows is changed. */
	concerns(rows) {
		return rows.some((row) => this.isEdited(row));
	}
	/**
	* @param before programs that run before the logits
	* @returns what the sampler chose, row by row
	*/
	async sample(before, rows) {
		this.reserve(rows.length);
		await this.once((program) => {
			const logits = this.parts.logits(program, rows.length);
			const isWhole = logits.owner === program && logits.storage.kind === "step" && logits.isDense && logits.bytes === logits.storage.bytes;
			program.output(isWhole ? logits : copy(logits), this.address);
		}, before);
		const edited = rows.flatMap((row, i) => this.isEdited(row) ? [i] : []);
		const raw = edited.map((i) => this.read(i));
		const editable = edited.map((i, k) => ({
			requestId: rows[i].requestId,
			row: rows[i],
			logits: raw[k].slice()
		}));
		const stages = this.parts.editor.edit(editable);
		const sampling = [...rows];
		edited.forEach((i, k) => {
			const stage = stages[k];
			if (stage instanceof Error) return;
			this.write(i, editable[k].logits);
			const numLogprobs = this.parts.sampler.reportsRaw ? -1 : rows[i].numLogprobs;
			sampling[i] = {
				...rows[i],
				numLogprobs,
				applied: stage
			};
		});
		const sampled = await this.sampleRows(sampling);
		edited.forEach((i, k) => {
			const stage = stages[k];
			if (stage instanceof Error) sampled[i] = {
				tokenId: 0,
				logprobs: null,
				error: stage.message
			};
		});
		if (this.parts.sampler.reportsRaw) await this.reportRaw(rows, edited, raw, sampled);
		return sampled;
	}
	dispose() {
		if (this.capacity > 0) this.parts.platform.free(this.address);
		this.capacity = 0;
	}
	isEdited({ requestId, forcedTokenId }) {
		return forcedTokenId === void 0 && this.parts.editor.touches(requestId);
	}
	/** Log-probabilities of the tokens that were chosen, under the model's own logits. */
	async reportRaw(rows, edited, raw, sampled) {
		const wanted = edited.filter((i) => rows[i].numLogprobs >= 0 && sampled[i].error === null);
		if (wanted.length === 0) return;
		wanted.forEach((i, k) => this.write(k, raw[edited.indexOf(i)]));
		const reported = await this.sampleRows(wanted.map((i) => ({
			...rows[i],
			forcedTokenId: sampled[i].tokenId
		})));
		wanted.forEach((i, k) => sampled[i] = reported[k]);
	}
	async sampleRows(rows) {
		const { sampler, vocabSize } = this.parts;
		sampler.prepare(rows);
		await this.once((program) => sampler.record(program.input("edited logits", [rows.length, vocabSize], "f32", this.address)));
		return sampler.collect();
	}
	/** Records a program, runs it after others, and forgets it: steps of this kind are slow anyway. */
	async once(record, before = []) {
		const program = new Program("edited logits");
		record(program);
		const compiled = this.parts.platform.compile(program);
		try {
			await this.parts.run([...before, compiled]);
		} finally {
			compiled.dispose();
		}
	}
	reserve(numRows) {
		if (numRows <= this.capacity) return;
		this.dispose();
		this.address = this.parts.platform.allocate(4 * numRows * this.parts.vocabSize, "logits for processors");
		this.capacity = numRows;
	}
	read(i) {
		const { platform, vocabSize } = this.parts;
		const row = new Float32Array(vocabSize);
		platform.read(this.address + 4 * i * vocabSize, new Uint8Array(row.buffer));
		return row;
	}
	write(i, row) {
		const { platform, vocabSize } = this.parts;
		platform.write(this.address + 4 * i * vocabSize, new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
	}
};
// src/worker/program-cache.ts
var ProgramCache = class {
	programs = /* @__PURE__ */ new Map();
	capacity;
	constructor(capacity) {
		this.capacity = capacity;
	}
	/** The program for `key`, made by `compile` when it is not there. */
	get(key, compile) {
		let program = this.programs.get(key);
		if (program) this.programs.delete(key);
		else program = compile();
		this.programs.set(key, program);
		if (this.programs.size > this.capacity) {
			const [oldest, dropped] = this.programs.entries().next().value;
			this.programs.delete(oldest);
			dropped.dispose();
		}
		return program;
	}
	clear() {
		for (const program of this.programs.values()) program.dispose();
		this.programs.clear();
	}
};
// src/sampling/penalty-counts.ts
/** Tokens that occurred, each with its count in the output. Grows by the new tokens of a step alone. */
var PenaltyCounts = class {
	pairs;
	numPairs = 0;
	numCounted = 0;
	indexOf = /* @__PURE__ */ new Map();
	promptTokenIds;
	/** @param promptTokenIds tokens that count as seen (0 times in the output); empty when only the output matters */
	constructor(promptTokenIds) {
		this.promptTokenIds = promptTokenIds;
		this.pairs = /* @__PURE__ */ new Int32Array(128);
		for (const id of promptTokenIds) this.find(id);
	}
	/** Counts output tokens that came since the last call; starts anew when there are fewer than then. */
	update(outputTokenIds) {
		if (outputTokenIds.length < this.numCounted) {
			this.indexOf.clear();
			this.numPairs = this.numCounted = 0;
			for (const id of this.promptTokenIds) this.find(id);
		}
		for (; this.numCounted < outputTokenIds.length; this.numCounted++) {
			const at = 2 * this.find(outputTokenIds[this.numCounted]) + 1;
			this.pairs[at] = this.pairs[at] + 1;
		}
	}
	/** Pairs (token id, count in the output), each id once. Valid until the next update. */
	get entries() {
		return this.pairs.subarray(0, 2 * this.numPairs);
	}
	find(id) {
		let index = this.indexOf.get(id);
		if (index !== void 0) return index;
		index = this.numPairs++;
		if (2 * this.numPairs > this.pairs.length) {
			const larger = new Int32Array(2 * this.pairs.length);
			larger.set(this.pairs);
			this.pairs = larger;
		}
		this.pairs[2 * index] = id;
		this.pairs[2 * index + 1] = 0;
		this.indexOf.set(id, index);
		return index;
	}
};
/** Counts for a request, or null when its parameters have no penalty. Prompt tokens matter to the repetition penalty alone. */
function createPenaltyCounts(params, promptTokenIds) {
	if (params.repetitionPenalty !== 1) return new PenaltyCounts(promptTokenIds);
	return params.frequencyPenalty !== 0 || params.presencePenalty !== 0 ? new PenaltyCounts([]) : null;
}
// src/sampling/sampling-state.ts
/** A request's constant lists, ready to be copied, and its token counts. */
var SamplingState = class {
	params;
	/** The seed as two signed 32-bit words. */
	seedLow;
	seedHigh;
	allowedTokenIds;
	/** Pairs (token id, bits of the f32 bias). */
	bias;
	/** Forbidden while fewer than `params.minTokens` are out. */
	stopTokenIds;
	penaltyCounts;
	constructor(options) {
		const { params, promptTokenIds, eosTokenIds } = options;
		this.params = params;
		const seed = BigInt(options.seed ?? params.seed ?? randomSeed());
		this.seedLow = Number(BigInt.asIntN(32, seed));
		this.seedHigh = Number(BigInt.asIntN(32, seed >> 32n));
		this.allowedTokenIds = params.allowedTokenIds && Int32Array.from(params.allowedTokenIds);
		this.bias = biasPairs(params.logitBias ?? {});
		this.stopTokenIds = Int32Array.from(params.minTokens > 0 ? allStopTokenIds(params, eosTokenIds) : []);
		this.penaltyCounts = createPenaltyCounts(params, promptTokenIds);
	}
};
/** Random 64 bits, for requests without a seed. */
function randomSeed() {
	return crypto.getRandomValues(/* @__PURE__ */ new BigUint64Array(1))[0];
}
function biasPairs(logitBias) {
	const entries = Object.entries(logitBias);
	const pairs = new Int32Array(2 * entries.length);
	const floats = new Float32Array(pairs.buffer);
	for (const [i, [id, bias]] of entries.entries()) {
		pairs[2 * i] = Number(id);
		floats[2 * i + 1] = bias;
	}
	return pairs;
}
// src/worker/request-state.ts
/** A list of i32 that grows. */
var IntList = class {
	values;
	length = 0;
	constructor(initial, spare) {
		this.values = new Int32Array(initial.length + spare);
		this.push(initial);
	}
	push(items) {
		if (this.length + items.length > this.values.length) {
			const larger = new Int32Array(2 * (this.length + items.length));
			larger.set(this.values.subarray(0, this.length));
			this.values = larger;
		}
		for (const item of items) this.values[this.length++] = item;
	}
};
var RequestState = class {
	requestId;
	params;
	promptTokenIds;
	outputTokenIds;
	sampling;
	tokens;
	blocks;
	/** By KV cache group, its block table; what lies beyond the request's blocks has no meaning. */
	blockIds;
	numComputedTokens;
	constructor(data) {
		this.requestId = data.requestId;
		this.params = data.params;
		this.promptTokenIds = data.promptTokenIds;
		this.outputTokenIds = [...data.outputTokenIds];
		this.tokens = new IntList(data.promptTokenIds, 64 + data.outputTokenIds.length);
		this.tokens.push(data.outputTokenIds);
		this.blocks = data.blockIds.map((ids) => new IntList(ids, 16));
		this.blockIds = this.blocks.map(({ values }) => values);
		this.numComputedTokens = data.numComputedTokens;
		const { params, promptTokenIds, eosTokenIds } = data;
		this.sampling = new SamplingState({
			params,
			promptTokenIds,
			eosTokenIds
		});
	}
	get numTokens() {
		return this.tokens.length;
	}
	get tokenIds() {
		return this.tokens.values;
	}
	/** Takes over what the scheduler says before a step. */
	update(data) {
		data.newBlockIds.forEach((ids, group) => {
			if (ids.length === 0) return;
			this.blocks[group].push(ids);
			this.blockIds[group] = this.blocks[group].values;
		});
		this.numComputedTokens = data.numComputedTokens;
	}
	/** Appends a sampled token. */
	append(tokenId) {
		this.tokens.push([tokenId]);
		this.outputTokenIds.push(tokenId);
	}
};
// src/worker/step-meter.ts
/** A few inputs say which op it is; sampling has ten. */
const MAX_SHAPES = 3;
const namesOf = /* @__PURE__ */ new WeakMap();
/** Made at a step's start, and in a phase from then on. */
var StepMeter = class {
	#sequences;
	#phases = [];
	#runs = [];
	#phase;
	constructor(sequences, startMs) {
		this.#sequences = sequences;
		this.#phase = {
			name: "prepare",
			startMs
		};
	}
	/** Ends the phase under way and begins another, or none. */
	enter(name) {
		const endMs = performance.now();
		if (this.#phase !== void 0) this.#phases.push({
			...this.#phase,
			endMs
		});
		this.#phase = name && {
			name,
			startMs: endMs
		};
	}
	/** Runs programs, measured; afterwards the phase is "collect". */
	async run(platform, programs) {
		this.enter(void 0);
		const trace = await platform.trace(programs);
		this.enter("collect");
		this.#runs.push({
			programs,
			trace
		});
		return trace;
	}
	/** What was measured. Works out costs, so it is called when nobody waits for the step any more. */
	profile() {
		const runs = this.#runs.map(({ programs, trace }) => ({
			...trace,
			ops: programs.flatMap(({ ops }) => opProfiles(ops, this.#sequences))
		}));
		return {
			phases: this.#phases,
			runs
		};
	}
};
function opProfiles(ops, sequences) {
	const costs = programCosts(ops, sequences);
	return ops.map((op, i) => {
		let names = namesOf.get(op);
		if (names === void 0) namesOf.set(op, names = nameOp(op));
		return {
			...names,
			...costs[i]
		};
	});
}
function nameOp(op) {
	const { kernel, records, helps } = op;
	const named = records.find(isProduct) ?? records.at(-1);
	const kinds = [...new Set(records.map((record) => record.op))].join("+");
	const matrix = isProduct(named) ? ` ${named.scope.split(".").at(-1)}` : "";
	return {
		kind: helps === true ? kernel : kinds + matrix,
		scope: named.scope,
		shapes: shapesOf(records),
		arithmetic: isBf16(named) ? "bf16" : "f32"
	};
}
function isProduct({ op }) {
	return /^(linear|expertLinear|headLinear)(Int8)?$/.test(op);
}
/** Whether a record multiplies bf16 values: by a bf16 weight, an int8 one with bf16 activations, or a bf16 KV cache. */
function isBf16({ op, inputs, attributes }) {
	if (op === "linear" || op === "expertLinear" || op === "headLinear") return inputs[1].dtype === "bf16";
	return attributes["activation"] === "bf16" || op.endsWith("Attention") && attributes["cacheDtype"] === "bf16";
}
function shapesOf(records) {
	const made = new Set(records.flatMap(({ outputs }) => outputs.map(({ storage }) => storage)));
	const inputs = [...new Set(records.flatMap((record) => record.inputs))].filter(({ storage }) => !made.has(storage));
	const show = ({ dtype, shape }) => dtype + formatShape(shape);
	const shown = inputs.slice(0, MAX_SHAPES).map(show);
	if (inputs.length > MAX_SHAPES) shown.push("…");
	return `${shown.join(", ")} -> ${records.at(-1).outputs.map(show).join(", ") || "memory"}`;
}
// src/worker/model-runner.ts
const cachedPrograms = 64;
var ModelRunner = class {
	parts;
	requests = /* @__PURE__ */ new Map();
	forwardPrograms = new ProgramCache(cachedPrograms);
	logitsPrograms = new ProgramCache(cachedPrograms);
	editor;
	edited;
	generation = -1;
	/** Of a step that is measured, and after it until someone takes its profile. */
	meter;
	constructor(parts) {
		this.parts = parts;
		const { platform, sampler, vocabSize } = parts;
		this.editor = new LogitsEditor(vocabSize);
		this.edited = new EditedLogits({
			platform,
			sampler,
			vocabSize,
			editor: this.editor,
			logits: (program, numRows) => this.recordLogits(program, numRows),
			run: (programs) => this.meter?.run(platform, programs) ?? platform.run(programs)
		});
	}
	/** Records and compiles the smallest step: what is wrong with a model shows at the start. @throws ShapeError and others */
	warmUp() {
		this.generation = this.parts.sampler.prepare([]).generation;
		this.forwardProgram(1);
		this.logitsPrograms.get(1, () => this.compileLogits(1));
	}
	/**
	* @param measure keeps a profile of the step for takeProfile()
	* @throws QuireError when a kernel fails
	*/
	async execute(step, measure = false) {
		const output = {
			sampledTokenIds: /* @__PURE__ */ new Map(),
			logprobs: /* @__PURE__ */ new Map(),
			promptLogprobs: /* @__PURE__ */ new Map(),
			errors: /* @__PURE__ */ new Map(),
			nativeMs: 0
		};
		const startMs = measure ? performance.now() : 0;
		this.takeUp(step);
		this.meter = measure ? new StepMeter(this.sequenceLengths(step), startMs) : void 0;
		if (step.totalNumScheduledTokens === 0) return output;
		const wanted = this.fillBuffers(step);
		const forward = this.forwardProgram(step.totalNumScheduledTokens);
		const { maxLogitsRows } = this.parts;
		for (let start = 0; start === 0 || start < wanted.length; start += maxLogitsRows) {
			const rows = wanted.slice(start, start + maxLogitsRows);
			const programs = start === 0 ? [forward] : [];
			if (this.edited.concerns(rows)) {
				this.parts.buffers.fillLogitsRows(rows.map(({ hiddenRow }) => hiddenRow));
				const from = performance.now();
				distribute(rows, await this.edited.sample(programs, rows), output);
				output.nativeMs += performance.now() - from;
				continue;
			}
			if (rows.length > 0) programs.push(this.prepareLogits(rows));
			const { platform } = this.parts;
			const times = await (this.meter?.run(platform, programs) ?? platform.run(programs));
			output.nativeMs += times.endMs - times.startMs;
			if (rows.length > 0) distribute(rows, this.parts.sampler.collect(), output);
		}
		this.meter?.enter(void 0);
		return output;
	}
	/** The profile of the last step, once; undefined if that was not measured. */
	takeProfile() {
		const profile = this.meter?.profile();
		this.meter = void 0;
		return profile;
	}
	dispose() {
		this.forwardPrograms.clear();
		this.logitsPrograms.clear();
		this.edited.dispose();
		this.parts.sampler.dispose();
	}
	sequenceLengths(step) {
		return Array.from(step.numScheduledTokens, ([id, numTokens]) => ({
			numTokens,
			seqLen: this.requests.get(id).numComputedTokens + numTokens
		}));
	}
	takeUp(step) {
		for (const id of [...step.finishedRequestIds, ...step.preemptedRequestIds]) {
			this.requests.delete(id);
			this.editor.remove(id);
		}
		for (const data of step.scheduledNewRequests) {
			const request = new RequestState(data);
			this.requests.set(data.requestId, request);
			this.editor.add(request);
		}
		for (const data of step.scheduledCachedRequests) this.requests.get(data.requestId).update(data);
	}
	/** Uploads the step's tokens; returns the rows whose logits are wanted. */
	fillBuffers(step) {
		const wanted = [];
		const seqs = [];
		let firstRow = 0;
		for (const [id, numScheduledTokens] of step.numScheduledTokens) {
			const request = this.requests.get(id);
			const { tokenIds, blockIds, numComputedTokens } = request;
			seqs.push({
				tokenIds,
				blockIds,
				numComputedTokens,
				numScheduledTokens
			});
			this.wantRows(request, numScheduledTokens, firstRow, wanted);
			firstRow += numScheduledTokens;
		}
		this.parts.buffers.fill(seqs);
		return wanted;
	}
	wantRows(request, numScheduled, firstRow, wanted) {
		const { params, promptTokenIds, outputTokenIds, numComputedTokens, sampling: state } = request;
		const { vocabSize } = this.parts;
		if (params.promptLogprobs !== null && outputTokenIds.length === 0) {
			const numLogprobs = resolveNumLogprobs(params.promptLogprobs, vocabSize);
			const end = Math.min(numComputedTokens + numScheduled, promptTokenIds.length - 1);
			for (let position = numComputedTokens; position < end; position++) {
				const forcedTokenId = promptTokenIds[position + 1];
				const hiddenRow = firstRow + position - numComputedTokens;
				wanted.push({
					requestId: request.requestId,
					hiddenRow,
					request,
					state,
					outputTokenIds,
					numLogprobs,
					forcedTokenId,
					promptPosition: position + 1
				});
			}
		}
		if (reachesLastToken(numComputedTokens, numScheduled, request.numTokens)) {
			const numLogprobs = resolveNumLogprobs(params.logprobs, vocabSize);
			const { requestId } = request;
			wanted.push({
				requestId,
				hiddenRow: firstRow + numScheduled - 1,
				request,
				state,
				outputTokenIds,
				numLogprobs
			});
		}
	}
	prepareLogits(rows) {
		const { buffers, sampler } = this.parts;
		buffers.fillLogitsRows(rows.map(({ hiddenRow }) => hiddenRow));
		const { generation } = sampler.prepare(rows);
		if (generation !== this.generation) this.logitsPrograms.clear();
		this.generation = generation;
		return this.logitsPrograms.get(rows.length, () => {
			this.meter?.enter("compile");
			const compiled = this.compileLogits(rows.length);
			this.meter?.enter("prepare");
			return compiled;
		});
	}
	forwardProgram(numTokens) {
		return this.forwardPrograms.get(numTokens, () => {
			const { platform, hidden } = this.parts;
			this.meter?.enter("compile");
			const compiled = platform.compile(recordForward(this.parts, numTokens, hidden.address));
			this.meter?.enter("prepare");
			return compiled;
		});
	}
	compileLogits(numRows) {
		const { platform, sampler } = this.parts;
		const program = new Program(`logits of ${numRows} rows`);
		sampler.record(this.recordLogits(program, numRows));
		return platform.compile(program);
	}
	/** The logits [numRows, vocabSize] of the rows in the buffers. */
	recordLogits(program, numRows) {
		const { model, buffers, hidden } = this.parts;
		const shape = [hidden.maxNumTokens, hidden.size];
		const states = new Tensor(createStorage("external", 4 * shape[0] * shape[1], "hidden states", hidden.address), shape, "f32");
		const rows = gatherRows$1(states, buffers.logitsRowsTensor(program, numRows));
		const logits = model.computeLogits(rows);
		if (logits.size(-1) !== this.parts.vocabSize) throw new ShapeError(`${model.constructor.name}.computeLogits: a row must have ${this.parts.vocabSize} logits (vocab_size in config.json), got ${logits}`);
		return logits;
	}
};
/** Records a model's forward for numTokens tokens; its result lands at `hiddenAddress`. */
function recordForward({ model, buffers, caches }, numTokens, hiddenAddress) {
	const program = new Program(`forward of ${numTokens} tokens`);
	const { metadata, ...tensors } = buffers.tensors(program, numTokens);
	program.step = {
		program,
		...tensors,
		...caches.ofStep(metadata)
	};
	let hidden = model.forward(program.step);
	if (hidden.owner !== program || hidden.storage.kind !== "step" || hidden.bytes !== hidden.storage.bytes) hidden = copy(hidden);
	program.output(hidden, hiddenAddress);
	return Object.assign(program, { hiddenSize: hidden.size(1) });
}
/** Gives each request its sampled token, log-probabilities or error. */
function distribute(rows, sampled, output) {
	rows.forEach(({ request, promptPosition }, i) => {
		const { tokenId, logprobs, error } = sampled[i];
		const id = request.requestId;
		if (error !== null) output.errors.set(id, error);
		else if (promptPosition !== void 0) {
			let entry = output.promptLogprobs.get(id);
			if (!entry) output.promptLogprobs.set(id, entry = {
				start: promptPosition,
				rows: []
			});
			entry.rows.push(logprobs);
		} else {
			request.append(tokenId);
			output.sampledTokenIds.set(id, [tokenId]);
			if (logprobs) output.logprobs.set(id, [logprobs]);
		}
	});
}
// src/worker/plan-kv-cache.ts
/** Each group costs work in every step, as much as this share of the cache's memory. */
const costOfGroup = .01;
/**
* Cuts the layers of each kind into groups of equally many layers, so that a request of full length takes the least
* memory: small groups leave nothing unused, but are many. Windows and chunks as long as any request are full attention. All
* layers in one group, windows unused, is tried too: it is best where windows are hardly shorter than requests.
*/
function planKVCache(layers, use, maxLen) {
	const kinds = /* @__PURE__ */ new Map();
	for (const layer of layers) {
		const group = withoutIdleWindow(layer.group, maxLen);
		const key = JSON.stringify(group);
		kinds.set(key, [...kinds.get(key) ?? [], {
			...layer,
			group
		}]);
	}
	const byKind = [...kinds.values()].map((kind) => kind.toSorted((a, b) => b.bytes - a.bytes));
	const longest = Math.max(1, ...byKind.map((kind) => kind.length));
	const plans = (kinds.size > 1 ? Array.from({ length: longest }, (_, i) => longest - i) : [longest]).map((size) => cut(byKind, size));
	if (kinds.size > 1 && layers.every(({ group }) => group.kind !== "state")) plans.push(cut([layers.map((layer) => ({
		...layer,
		group: { kind: "full" }
	}))], layers.length));
	const cost = ({ groups, bytesPerBlock }) => bytesPerBlock * blocksOfRequest({
		...use,
		groups: groups.map(({ group }) => group)
	}, maxLen) * (1 + costOfGroup * groups.length);
	return plans.reduce((best, plan) => cost(plan) < cost(best) ? plan : best);
}
function withoutIdleWindow(group, maxLen) {
	return group.kind !== "state" && reachOf(group) >= maxLen ? { kind: "full" } : group;
}
/** Full attention first: its hits bound those of the windows. */
const order = [
	"full",
	"slidingWindow",
	"chunked",
	"state"
];
function cut(kinds, size) {
	const groups = [];
	for (const kind of kinds) for (let i = 0; i < kind.length; i += size) groups.push({
		group: kind[i].group,
		layers: kind.slice(i, i + size)
	});
	if (groups.length === 0) groups.push({
		group: { kind: "full" },
		layers: []
	});
	groups.sort((a, b) => order.indexOf(a.group.kind) - order.indexOf(b.group.kind));
	const numRegions = Math.max(...groups.map(({ layers }) => layers.length));
	const regionBytes = Array.from({ length: numRegions }, (_, i) => Math.max(...groups.map(({ layers }) => layers[i]?.bytes ?? 0)));
	return {
		groups,
		regionBytes,
		bytesPerBlock: regionBytes.reduce((sum, bytes) => sum + bytes, 0)
	};
}
/** One line for the operator; undefined where there is nothing to tell: one group that keeps every token. */
function describePlan({ groups, regionBytes, bytesPerBlock }) {
	if (groups.length === 1 && groups[0].group.kind === "full") return void 0;
	const names = groups.map(({ group, layers }) => `${layers.length} ${layers.length === 1 ? "layer" : "layers"} ${kindName(group)}`);
	const counts = /* @__PURE__ */ new Map();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	const list = Array.from(counts, ([name, count]) => count > 1 ? `${count} x ${name}` : name).join(", ");
	const used = groups.reduce((sum, { layers }) => sum + layers.reduce((bytes, layer) => bytes + layer.bytes, 0), 0);
	const unused = Math.round(100 * (1 - used / (bytesPerBlock * groups.length)));
	const waste = unused > 0 ? `; ${unused} % of the pages' bytes are unused` : "";
	return `KV cache groups: ${list}; a page is ${bytesPerBlock} bytes in ${regionBytes.length} regions${waste}`;
}
function kindName(group) {
	if (group.kind === "slidingWindow") return `with a window of ${group.slidingWindow}`;
	if (group.kind === "chunked") return `with chunks of ${group.chunkSize}`;
	return group.kind === "state" ? "with a state" : "with full attention";
}
// src/worker/buffer32.ts
var Buffer32 = class {
	values;
	address;
	platform;
	constructor(platform, label, size) {
		this.platform = platform;
		this.values = new Int32Array(size);
		this.address = platform.allocate(this.values.byteLength, label);
	}
	/** Sends values [start, start + count) to the platform. */
	upload(count, start = 0) {
		const { buffer } = this.values;
		this.platform.write(this.address + 4 * start, new Uint8Array(buffer, 4 * start, 4 * count));
	}
};
// src/worker/group-buffers.ts
/** @param blockSize tokens of one block */
function createGroupBuffers(platform, group, limits, blockSize) {
	if (group.kind === "state") return new StateBuffers(platform, limits);
	return new BlockBuffers(platform, group, limits, blockSize);
}
var BlockBuffers = class {
	group;
	limits;
	blockSize;
	blockTable;
	slotMapping;
	constructor(platform, group, limits, blockSize) {
		this.group = group;
		this.limits = limits;
		this.blockSize = blockSize;
		this.blockTable = new Buffer32(platform, "blockTable", limits.maxNumSeqs * limits.maxBlocksPerSeq);
		this.slotMapping = new Buffer32(platform, "slotMapping", limits.maxNumTokens);
	}
	add({ index, row, start, count }, blockIds) {
		const { blockSize } = this;
		const slots = this.slotMapping.values;
		for (let j = 0; j < count; j++) {
			const position = start + j;
			slots[row + j] = blockIds[Math.floor(position / blockSize)] * blockSize + position % blockSize;
		}
		const firstBlock = Math.floor(firstSeen(this.group, start) / blockSize);
		const endBlock = Math.ceil((start + count) / blockSize);
		const table = index * this.limits.maxBlocksPerSeq;
		this.blockTable.values.set(blockIds.subarray(firstBlock, endBlock), table + firstBlock);
		this.blockTable.upload(endBlock - firstBlock, table + firstBlock);
	}
	upload(_numSeqs, numTokens) {
		this.slotMapping.upload(numTokens);
	}
	tensors(program, numTokens, shared) {
		const { maxNumSeqs, maxBlocksPerSeq } = this.limits;
		const { blockTable, slotMapping } = this;
		return {
			...shared,
			blockTable: program.input("blockTable", [maxNumSeqs, maxBlocksPerSeq], "i32", blockTable.address),
			slotMapping: program.input("slotMapping", [numTokens], "i32", slotMapping.address)
		};
	}
};
var StateBuffers = class {
	stateSlots;
	constructor(platform, { maxNumSeqs }) {
		this.stateSlots = new Buffer32(platform, "stateSlots", maxNumSeqs);
	}
	add({ index }, blockIds) {
		this.stateSlots.values[index] = blockIds[0];
	}
	upload(numSeqs) {
		this.stateSlots.upload(numSeqs);
	}
	tensors(program, _numTokens, shared) {
		const { values, address } = this.stateSlots;
		return {
			...shared,
			stateSlots: program.input("stateSlots", [values.length], "i32", address)
		};
	}
};
// src/worker/step-buffers.ts
/** Token ids, positions, slots and block tables of one step; slots and tables once for each KV cache group. Allocated once for the largest step. */
var StepBuffers = class {
	limits;
	inputIds;
	positions;
	numSeqs;
	queryStartLoc;
	seqLens;
	groups;
	logitsRows;
	constructor(platform, limits, blockSize, maxLogitsRows, groups) {
		const { maxNumTokens, maxNumSeqs } = limits;
		this.limits = limits;
		this.inputIds = new Buffer32(platform, "inputIds", maxNumTokens);
		this.positions = new Buffer32(platform, "positions", maxNumTokens);
		this.numSeqs = new Buffer32(platform, "numSeqs", 1);
		this.queryStartLoc = new Buffer32(platform, "queryStartLoc", maxNumSeqs + 1);
		this.seqLens = new Buffer32(platform, "seqLens", maxNumSeqs);
		this.groups = groups.map((group) => createGroupBuffers(platform, group, limits, blockSize));
		this.logitsRows = new Buffer32(platform, "logitsRows", maxLogitsRows);
	}
	/** Gathers the step's requests, one after the other, and sends them to the platform. */
	fill(seqs) {
		let row = 0;
		seqs.forEach((seq, index) => {
			const { numComputedTokens: start, numScheduledTokens: count, blockIds } = seq;
			this.inputIds.values.set(seq.tokenIds.subarray(start, start + count), row);
			for (let j = 0; j < count; j++) this.positions.values[row + j] = start + j;
			this.queryStartLoc.values[index] = row;
			this.seqLens.values[index] = start + count;
			const rows = {
				index,
				row,
				start,
				count
			};
			for (let group = 0; group < this.groups.length; group++) this.groups[group].add(rows, blockIds[group]);
			row += count;
		});
		this.queryStartLoc.values[seqs.length] = row;
		this.numSeqs.values[0] = seqs.length;
		for (const buffer of [this.inputIds, this.positions]) buffer.upload(row);
		for (const group of this.groups) group.upload(seqs.length, row);
		this.numSeqs.upload(1);
		this.queryStartLoc.upload(seqs.length + 1);
		this.seqLens.upload(seqs.length);
	}
	/** Rows of the hidden states whose logits are computed. */
	fillLogitsRows(rows) {
		this.logitsRows.values.set(rows);
		this.logitsRows.upload(rows.length);
	}
	/** The inputs as tensors of a program that runs numTokens tokens; metadata by KV cache group. */
	tensors(program, numTokens) {
		const { maxNumSeqs } = this.limits;
		const input = (label, shape, { address }) => program.input(label, shape, "i32", address);
		const shared = {
			numSeqs: input("numSeqs", [1], this.numSeqs),
			queryStartLoc: input("queryStartLoc", [maxNumSeqs + 1], this.queryStartLoc),
			seqLens: input("seqLens", [maxNumSeqs], this.seqLens)
		};
		return {
			inputIds: input("inputIds", [numTokens], this.inputIds),
			positions: input("positions", [numTokens], this.positions),
			metadata: this.groups.map((group) => group.tensors(program, numTokens, shared))
		};
	}
	/** The list of logits rows as a tensor. */
	logitsRowsTensor(program, numRows) {
		return program.input("logitsRows", [numRows], "i32", this.logitsRows.address);
	}
};
// src/worker/probe-machine.ts
const ROUNDS = 3;
/** The best of a few rounds of each probe: the limit is what the machine can do. Undefined where the platform has no probes. */
function probeMachine(platform) {
	if (platform.probe === void 0) return void 0;
	const best = (what) => Math.max(...Array.from({ length: ROUNDS }, () => platform.probe?.(what) ?? 0));
	return {
		bytesPerSecond: best("read"),
		flopsPerSecond: {
			f32: best("f32"),
			bf16: best("bf16")
		}
	};
}
// src/worker/create-worker.ts
/** Makes a worker: one model on one platform with its KV cache, ready to run steps. */
/**
* Opens the platform, checks and loads the model, sizes and allocates the KV cache. `config.model` is a path.
* @throws ConfigError, CheckpointError, UnsupportedError, ResourceError: what does not fit, and what to do
*/
const createWorker = async (config, hooks) => {
	const log = hooks.log ?? (() => void 0);
	const { instruments, program } = hooks;
	if (program !== void 0) registerElsewhere(program.architectures);
	const { note } = await loadPlugins(config.plugins, log, pluginSurroundings(program));
	const constructed = await constructModel(config, instruments, note);
	instruments?.constructed?.(constructed);
	constructed.remarks.forEach(log);
	const opened = await openPlatform(config, hooks.log ?? ((line) => process.emitWarning(line))).catch((error) => {
		constructed.checkpoint?.close();
		throw error;
	});
	const platform = instruments?.platform?.(opened) ?? opened;
	try {
		const { weightBytes, built } = await loadAndBuild(platform, config, constructed, hooks);
		const { runner, size, hiddenSize, kvCacheBytes } = built;
		const info = {
			...describe(config, constructed),
			maxModelLen: size.maxModelLen,
			numBlocks: size.numBlocks,
			blockSize: built.blockSize,
			kvCacheGroups: built.groups,
			platform: platform.description,
			hiddenSize,
			weightBytes,
			kvCacheBytes
		};
		const dispose = () => {
			runner.dispose();
			platform.dispose();
		};
		return {
			info,
			execute: (step, measure) => runner.execute(step, measure),
			takeProfile: () => runner.takeProfile(),
			probe: () => probeMachine(platform),
			dispose
		};
	} catch (error) {
		platform.dispose();
		throw error;
	}
};
/** The runner is built while the platform's threads load the weights. */
async function loadAndBuild(platform, config, constructed, hooks) {
	const progress = (done, total) => hooks.progress?.({
		phase: "loading weights",
		done,
		total
	});
	const freeBytes = freeMemoryBytes();
	let placed;
	try {
		placed = placeModel(platform, constructed);
	} catch (error) {
		constructed.checkpoint?.close();
		throw error;
	}
	const { weightBytes } = placed;
	const filling = fillModel(platform, constructed, placed, config.seed, progress);
	let built;
	try {
		built = buildRunner(platform, config, constructed, freeBytes - weightBytes, hooks.log);
	} catch (error) {
		await filling.catch(() => void 0);
		throw error;
	}
	await filling;
	return {
		weightBytes,
		built
	};
}
function vocabSizeOf(raw) {
	const vocabSize = rawValue(raw, "vocab_size");
	if (!Number.isSafeInteger(vocabSize) || vocabSize < 1) throw new ConfigError(`config.json: vocab_size must be a positive integer, got ${JSON.stringify(vocabSize)}`);
	return vocabSize;
}
/** @param freeBytes memory that is left beside the weights */
function buildRunner(platform, config, constructed, freeBytes, log) {
	const { model, raw } = constructed;
	const vocabSize = vocabSizeOf(raw);
	const { needs, plan, use } = planCaches(config, constructed, (spec) => platform.kvCacheBlockBytes(spec), log);
	const { bytesPerBlock } = plan;
	const { groups, blockSize } = use;
	const maxLogitsRows = Math.max(64, config.maxNumSeqs);
	const limits = {
		maxNumTokens: config.maxNumBatchedTokens,
		maxNumSeqs: config.maxNumSeqs,
		maxBlocksPerSeq: Math.ceil(constructed.maxModelLen / blockSize)
	};
	const buffers = new StepBuffers(platform, limits, blockSize, maxLogitsRows, groups);
	const largest = recordForward({
		model,
		buffers,
		caches: new LayerCaches(needs, plan, 1, () => 0)
	}, limits.maxNumTokens, 0);
	const compiled = platform.compile(largest);
	const hiddenBytes = 4 * limits.maxNumTokens * largest.hiddenSize;
	const workspaceBytes = compiled.workspaceBytes + hiddenBytes + 4 * maxLogitsRows * vocabSize;
	compiled.dispose();
	const size = sizeKVCache({
		...use,
		bytesPerBlock,
		maxModelLen: constructed.maxModelLen,
		maxNumSeqs: config.maxNumSeqs,
		kvCacheMemoryBytes: config.kvCacheMemoryBytes,
		numBlocksOverride: config.numBlocksOverride,
		freeBytes,
		workspaceBytes,
		utilization: config.memoryUtilization,
		fitLength: config.maxModelLen === "auto"
	});
	const caches = new LayerCaches(needs, plan, size.numBlocks, (bytes, label) => platform.allocate(bytes, label));
	const hidden = {
		address: platform.allocate(hiddenBytes, "hidden states"),
		size: largest.hiddenSize,
		maxNumTokens: limits.maxNumTokens
	};
	const runner = new ModelRunner({
		platform,
		model,
		buffers,
		sampler: new Sampler(platform, {
			maxRows: maxLogitsRows,
			vocabSize,
			logprobsMode: config.logprobsMode
		}),
		caches,
		vocabSize,
		hidden,
		maxLogitsRows
	});
	runner.warmUp();
	const { hiddenSize } = largest;
	return {
		runner,
		size,
		blockSize,
		groups,
		hiddenSize,
		kvCacheBytes: size.numBlocks * bytesPerBlock
	};
}
/** As planCaches, by bytes that no platform pads. For estimates without a platform. */
function planPlainCaches(config, constructed) {
	return planCaches(config, constructed, plainBlockBytes, void 0);
}
/** How the layers share the KV cache's pages. @param log told what a model's operator should know of it */
function planCaches(config, constructed, blockBytes, log) {
	const needs = cacheNeeds(config, constructed, blockBytes);
	const { blockSize } = needs;
	const limits = {
		blockSize,
		maxStepTokens: maxStepTokens(config)
	};
	const plan = planKVCache(needs.layers, limits, constructed.maxModelLen);
	const line = describePlan(plan);
	if (line !== void 0) log?.(line);
	if (blockSize !== config.blockSize) log?.(`KV cache: blocks hold ${blockSize} tokens instead of ${config.blockSize} (--block-size), as much as a state`);
	if (needs.states.size > 0 && config.enablePrefixCaching) log?.("prefix caching is off: this model keeps a state for each request, which holds all of its tokens at once");
	return {
		needs,
		plan,
		use: {
			groups: plan.groups.map(({ group }) => group),
			...limits
		}
	};
}
/** What config.json and generation_config.json say. */
function describe(config, { raw, architecture, dtype, generationConfig, parameters }) {
	const generation = config.generationConfig === "auto" ? generationConfig : config.generationConfig === "vllm" ? void 0 : generationConfigAt(config.generationConfig);
	return {
		modelType: String(raw.model_type ?? ""),
		architecture,
		vocabSize: vocabSizeOf(raw),
		eosTokenIds: [.../* @__PURE__ */ new Set([...tokenIds("config.json", raw.eos_token_id), ...tokenIds("generation_config.json", generation?.eos_token_id)])],
		generationConfig: generation,
		dtype: dtype === "f32" ? "float32" : "bfloat16",
		numParameters: parameters.declared.reduce((sum, { spec }) => sum + (spec.parts.length > 0 ? numElements(spec.shape) : 0), 0)
	};
}
/** Of `--generation-config FOLDER`, where it must be. */
function generationConfigAt(folder) {
	const found = readGenerationConfig(folder);
	if (found !== void 0) return found;
	throw new ConfigError(`--generation-config ${folder}: expected auto, vllm, or a folder with a generation_config.json`);
}
/** One id, a list of them, or null. @throws ConfigError for anything else: such a model would never stop by itself */
function tokenIds(file, value) {
	if (value === void 0 || value === null) return [];
	const list = Array.isArray(value) ? value : [value];
	if (!list.every((id) => Number.isSafeInteger(id) && id >= 0)) throw new ConfigError(`${file}: eos_token_id must be an integer from 0, a list of them, or null, got ${JSON.stringify(value)}`);
	return list;
}
export { constructModel as a, readParameter as c, openCheckpoint as d, readSafetensors as f, parseJsonObject as g, loadPlugins as h, planPlainCaches as i, int8 as l, freeMemoryBytes as m, describe as n, planModel as o, sizeKVCache as p, planCaches as r, overrideConfig as s, createWorker as t, textTensorName as u };
