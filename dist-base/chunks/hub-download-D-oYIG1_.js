import { n as readEnvironment } from "./environment-ChMoDSMV.js";
import { r as showBytes } from "./human-number-CzIhQD6Q.js";
import { c as ResourceError, n as CheckpointError, r as ConfigError } from "./errors-CjlPyKrT.js";
import { hostname } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { createReadStream } from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { copyFile, link, mkdir, open, readFile, readdir, readlink, rename, rm, stat, statfs, symlink, utimes, writeFile } from "node:fs/promises";
// src/checkpoint/hub-plan.ts
/** Which files of a hub repository a model needs, and what names are safe. Decides only; touches nothing. */
const SMALL_FILES = /^(?:[^/]+\.(?:json|txt|jinja|model|tiktoken)|(?:additional_)?chat_templates\/[^/]+\.(?:jinja|json))$/;
const NOT_WEIGHTS = /^(?:optimizer|scheduler|training_args|rng_state|scaler|adapter_model)/;
/** Undefined when the text cannot be a model id. */
function parseModelId(text) {
	const match = /^([A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?)(?::([\w.-]+))?$/.exec(text);
	if (match === null || match[1].includes("..") || match[1].includes("--")) return void 0;
	return {
		id: match[1],
		variant: match[2]
	};
}
/** Whether a path from elsewhere stays inside the folder that it is joined to. */
function isSafePath(path) {
	if (path.length === 0 || path.length > 1024 || /[\\:\x00-\x1f]/.test(path)) return false;
	return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
/**
* The files to fetch: configuration and tokenizer files of the top folder, and weights in one format, safetensors first.
*
* @param format  the weights' format; `dummy`: none
* @throws ConfigError when there are no such weights, or several GGUF files and no choice
*/
function chooseFiles(files, model, format = "auto") {
	for (const file of files) if (!isSafePath(file.path)) throw new ConfigError(`${model.id}: the hub lists a file with an unsafe name: ${JSON.stringify(file.path)}`);
	const small = files.filter((file) => SMALL_FILES.test(file.path));
	if (format === "dummy") return small;
	const weights = chooseWeights(files, model, format);
	if (weights.length > 0) return [...small, ...weights];
	const wanted = format === "auto" ? ".safetensors, pytorch_model*.bin or .gguf" : format;
	const some = files.slice(0, 8).map((file) => file.path);
	throw new ConfigError(`${model.id}: no weights (${wanted}) in the top folder of the repository; it has ${some.join(", ") || "no files"}`);
}
function chooseWeights(files, model, format) {
	const top = files.filter((file) => !file.path.includes("/") && !NOT_WEIGHTS.test(file.path));
	const gguf = files.filter((file) => file.path.endsWith(".gguf"));
	if (format === "gguf" || model.variant !== void 0) return chooseGguf(gguf, model);
	if (format !== "pt") {
		const all = top.filter((file) => file.path.endsWith(".safetensors"));
		const own = all.filter((file) => !file.path.startsWith("consolidated"));
		if (all.length > 0) return own.length > 0 ? own : all;
	}
	if (format !== "safetensors") {
		const bins = top.filter((file) => /^pytorch_model.*\.bin$/.test(file.path));
		if (bins.length > 0) return bins;
	}
	return format === "auto" && gguf.length > 0 ? chooseGguf(gguf, model) : [];
}
function chooseGguf(files, model) {
	const wanted = model.variant?.toLowerCase();
	const matching = files.filter((file) => wanted === void 0 || file.path.toLowerCase().includes(wanted));
	if (matching.length <= 1) return matching;
	const exact = matching.filter((file) => file.path.toLowerCase().replace(/\.gguf$/, "").endsWith(wanted ?? "\n"));
	if (exact.length === 1) return exact;
	const names = matching.slice(0, 12).map((file) => file.path);
	throw new ConfigError(`${model.id}: ${matching.length} GGUF files fit; name one by a part of its name, as in ${model.id}:Q4_K_M: ${names.join(", ")}`);
}
// src/checkpoint/hub-cache.ts
/** The Hugging Face cache on disk: models--org--name/{blobs, refs, snapshots}. Finds what is there; links what came. */
function cacheFolders(cache, id) {
	const name = `models--${id.replaceAll("/", "--")}`;
	const root = join(cache, name);
	return {
		root,
		blobs: join(root, "blobs"),
		refs: join(root, "refs"),
		snapshots: join(root, "snapshots"),
		lock: join(cache, ".locks", name, "quire.lock")
	};
}
/** The snapshot folder of a branch, tag or commit; undefined when there is none. */
async function findSnapshot(folders, revision) {
	if (!isSafePath(revision)) return void 0;
	const ref = await readFile(join(folders.refs, revision), "utf8").catch(() => void 0);
	for (const commit of [ref?.trim(), revision]) {
		if (commit === void 0 || !/^[0-9A-Za-z]{7,64}$/.test(commit)) continue;
		const folder = join(folders.snapshots, commit);
		if ((await stat(folder).catch(() => void 0))?.isDirectory()) return folder;
	}
}
/**
* What `resolveModel` answers for a snapshot: the folder, or the GGUF file in it; undefined when files are missing, as after a
* download that was cut off. Links to blobs that are gone count as missing.
*
* @param withoutTokenizer  accept a snapshot that holds no tokenizer (some models have none)
*/
async function usableSnapshot(folder, model, format = "auto", withoutTokenizer = false) {
	const names = [];
	for (const entry of await readdir(folder, { recursive: true })) if ((await stat(join(folder, entry)).catch(() => void 0))?.isFile()) names.push(entry);
	if (model.variant === void 0 && format !== "gguf" && names.includes("config.json")) {
		const isEnough = names.some((name) => /^(tokenizer\.(json|model)|vocab\.(json|txt)|spiece\.model)$/.test(name)) || withoutTokenizer;
		if (format === "dummy") return isEnough ? folder : void 0;
		for (const ending of [".safetensors", ".bin"]) {
			if (format === (ending === ".bin" ? "safetensors" : "pt")) continue;
			if (await hasWeights(folder, names, ending)) return isEnough ? folder : void 0;
		}
	}
	if (format !== "auto" && format !== "gguf") return void 0;
	const wanted = model.variant?.toLowerCase() ?? "";
	const fitting = names.filter((name) => name.endsWith(".gguf") && name.toLowerCase().includes(wanted));
	return fitting.length === 1 ? join(folder, fitting[0]) : void 0;
}
/** Whether all files that an index names are there, or the one file of a model without index. */
async function hasWeights(folder, names, ending) {
	const index = names.find((name) => !name.includes("/") && name.endsWith(`${ending}.index.json`));
	if (index === void 0) return names.some((name) => !name.includes("/") && name.endsWith(ending));
	try {
		const { weight_map: map } = JSON.parse(await readFile(join(folder, index), "utf8"));
		const shards = new Set(Object.values(map));
		return shards.size > 0 && [...shards].every((shard) => names.includes(shard));
	} catch {
		return false;
	}
}
/** Makes `snapshots/<commit>/<path>` a relative link to a blob; a copy where the file system has no links. */
async function linkIntoSnapshot(folder, path, blob) {
	const target = join(folder, path);
	await mkdir(dirname(target), { recursive: true });
	const to = relative(dirname(target), blob);
	if (await readlink(target).catch(() => void 0) === to) return;
	const fresh = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
	await rm(fresh, { force: true });
	try {
		await symlink(to, fresh);
	} catch {
		await copyFile(blob, fresh);
	}
	await rename(fresh, target);
}
/** Records which commit a branch or tag stands for. */
async function writeRef(folders, revision, commit) {
	if (!isSafePath(revision) || revision === commit) return;
	const path = join(folders.refs, revision);
	await mkdir(dirname(path), { recursive: true });
	const fresh = `${path}.${process.pid}.new`;
	await writeFile(fresh, commit);
	await rename(fresh, path);
}
// src/checkpoint/hub-api.ts
/** Talks to a model hub over HTTP: lists a repository and opens its files. The token goes to the hub alone. */
/** A failure that may be gone at the next try. `waitMs`: how long the server asks to wait. */
var TransientError = class extends Error {
	waitMs;
	constructor(message, waitMs, options) {
		super(message, options);
		this.waitMs = waitMs;
	}
};
const MAX_REDIRECTS = 8;
const MAX_LISTING_BYTES = 67108864;
/**
* The files of a model at a branch, tag or commit.
*
* @throws ConfigError when the model or revision is unknown or closed to this token; TransientError; ResourceError when the
*   answer is no listing
*/
async function listFiles(hub, id, revision) {
	const url = `${hub.endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
	const response = await open$1(hub, url, {});
	if (!response.ok) throw await refusal(hub, response, id, `revision ${revision}`);
	const text = await readText(response, MAX_LISTING_BYTES);
	try {
		return parseListing(JSON.parse(text));
	} catch (cause) {
		throw new ResourceError(`${url}: expected the hub's list of files; got ${JSON.stringify(text.slice(0, 80))}; is HF_ENDPOINT right?`, { cause });
	}
}
/**
* Opens one file from byte `offset` on. Status 200 means that it starts at 0 all the same; 206 that it starts at `offset`;
* 416 that there is nothing there.
*/
async function openFile(hub, id, commit, path, offset, signal) {
	const name = path.split("/").map(encodeURIComponent).join("/");
	const response = await open$1(hub, `${hub.endpoint}/${id}/resolve/${commit}/${name}`, offset > 0 ? { Range: `bytes=${offset}-` } : {}, signal);
	if (response.ok || response.status === 416) return response;
	throw await refusal(hub, response, id, path);
}
/** Follows redirects by hand, so that the token never leaves the endpoint's origin. */
async function open$1(hub, first, headers, signal = hub.signal) {
	const home = new URL(hub.endpoint);
	let url = new URL(first);
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		const authorization = hub.token !== void 0 && url.origin === home.origin ? { Authorization: `Bearer ${hub.token}` } : {};
		const response = await fetchOnce(url, {
			...headers,
			...authorization
		}, hub, signal);
		const location = response.headers.get("location");
		if (response.status < 300 || response.status >= 400 || location === null) return response;
		await response.body?.cancel();
		url = new URL(location, url);
		if (url.protocol !== "https:" && !(url.protocol === "http:" && home.protocol === "http:")) throw new ResourceError(`${first}: the hub redirects to ${url.protocol}//${url.host}, which is not safe`);
	}
	throw new ResourceError(`${first}: more than ${MAX_REDIRECTS} redirects`);
}
async function fetchOnce(url, headers, hub, signal) {
	const patience = new AbortController();
	const timer = setTimeout(() => patience.abort(), hub.idleTimeoutMs);
	try {
		return await fetch(url, {
			redirect: "manual",
			headers: {
				"Accept-Encoding": "identity",
				"User-Agent": "quire",
				...headers
			},
			signal: signal === void 0 ? patience.signal : AbortSignal.any([signal, patience.signal])
		});
	} catch (cause) {
		if (signal?.aborted) throw cause;
		const seconds = hub.idleTimeoutMs / 1e3;
		const why = patience.signal.aborted ? `no answer within ${seconds} s` : reasonOf(cause);
		throw new TransientError(`${url.origin}: ${why}`, void 0, { cause });
	} finally {
		clearTimeout(timer);
	}
}
/** The error for an answer that is not the wanted one. */
async function refusal(hub, response, id, what) {
	const { status } = response;
	await response.body?.cancel();
	const page = `${hub.endpoint}/${id}`;
	if (status === 401 || status === 403) {
		const who = hub.token === void 0 ? "without a token" : "with this token";
		return new ConfigError(`${id}: the hub refuses ${what} ${who} (HTTP ${status}): the model is private, gated or does not exist; accept its terms at ${page} where there are any, and set HF_TOKEN (or --hf-token) to a token that may read it`);
	}
	if (status === 404) return new ConfigError(`${id}: the hub has no ${what} (HTTP 404); look at ${page}, and check the name and --revision`);
	if (status === 429 || status >= 500) {
		const after = Number(response.headers.get("retry-after"));
		const waitMs = Number.isFinite(after) && after > 0 ? Math.min(after, 60) * 1e3 : void 0;
		return new TransientError(`${id}: the hub answers ${what} with HTTP ${status}`, waitMs);
	}
	return new ResourceError(`${id}: the hub answers ${what} with HTTP ${status}`);
}
function parseListing(body) {
	const { sha, siblings } = body;
	if (typeof sha !== "string" || !/^[0-9A-Za-z]{7,64}$/.test(sha)) throw new Error("no commit");
	if (!Array.isArray(siblings)) throw new Error("no siblings");
	return {
		commit: sha,
		files: siblings.map(parseSibling)
	};
}
function parseSibling(entry) {
	const { rfilename, size, blobId, lfs } = entry;
	if (typeof rfilename !== "string") throw new Error("a file without a name");
	const large = typeof lfs === "object" && lfs !== null ? lfs : void 0;
	const bytes = large?.size ?? size;
	const isHash = (value, digits) => typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
	const sha256 = large?.sha256 ?? large?.oid;
	return {
		path: rfilename,
		size: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : void 0,
		sha256: isHash(sha256, 64) ? sha256 : void 0,
		gitSha1: large === void 0 && isHash(blobId, 40) ? blobId : void 0
	};
}
async function readText(response, limit) {
	const chunks = [];
	let length = 0;
	try {
		for await (const chunk of response.body ?? []) {
			length += chunk.length;
			if (length > limit) throw new ResourceError(`${response.url}: the answer is longer than ${limit} bytes`);
			chunks.push(chunk);
		}
	} catch (cause) {
		if (cause instanceof ResourceError) throw cause;
		throw new TransientError(`${response.url}: ${reasonOf(cause)}`, void 0, { cause });
	}
	return Buffer.concat(chunks).toString("utf8");
}
/** The words of the innermost error: fetch itself only says "fetch failed". */
function reasonOf(error) {
	let inner = error;
	while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
	if (!(inner instanceof Error)) return String(inner);
	return inner.message || inner.code || inner.name;
}
// src/checkpoint/hub-file.ts
/** One file from the hub into one place: resumed, retried, checked. */
/**
* Fetches a file, going on where an earlier try stopped, and checks its size and hash.
*
* @throws ConfigError when the hub refuses; CheckpointError when size or hash is wrong (the file is deleted); ResourceError when
*   the disk is full or the network stays away
*/
async function fetchFile(job) {
	const incomplete = `${job.target}.incomplete`;
	let failures = 0;
	for (;;) {
		const before = await sizeOf(incomplete);
		try {
			await appendRest(job, incomplete, before);
			break;
		} catch (error) {
			if (isDiskFull(error)) throw diskFull(job, incomplete, error);
			if (!(error instanceof TransientError) || job.hub.signal?.aborted) throw error;
			failures = await sizeOf(incomplete) > before ? 1 : failures + 1;
			if (failures >= job.maxTries) throw new ResourceError(`${job.id}/${job.file.path}: ${error.message}; gave up after ${failures} tries; what came is kept, run it again to go on`, { cause: error });
			const waitMs = error.waitMs ?? job.retryWaitMs * 2 ** (failures - 1);
			await setTimeout$1(waitMs, void 0, job.hub.signal === void 0 ? {} : { signal: job.hub.signal });
		}
	}
	await check(job, incomplete);
	await rename(incomplete, job.target);
}
/** Appends what is missing from `offset` on. Returns when the file is as long as the hub says. */
async function appendRest(job, incomplete, offset) {
	const { size } = job.file;
	if (size !== void 0 && offset === size && size > 0) return job.onBytes(size);
	const asked = size !== void 0 && offset > size ? 0 : offset;
	const stop = new AbortController();
	const signal = job.hub.signal === void 0 ? stop.signal : AbortSignal.any([job.hub.signal, stop.signal]);
	const response = await openFile(job.hub, job.id, job.commit, job.file.path, asked, signal);
	if (response.status === 416 || response.status === 206 && rangeStart(response) !== asked) {
		await response.body?.cancel();
		await rm(incomplete, { force: true });
		throw new TransientError("the hub does not go on from where the last try stopped");
	}
	const start = response.status === 206 ? asked : 0;
	const out = await open(incomplete, start > 0 ? "r+" : "w");
	const watchdog = setTimeout(() => stop.abort(), job.hub.idleTimeoutMs);
	let position = start;
	try {
		job.onBytes(position);
		for await (const chunk of bodyOf(response, job)) {
			watchdog.refresh();
			if (size !== void 0 && position + chunk.length > size) throw await tooLong(job, incomplete);
			for (let done = 0; done < chunk.length;) done += (await out.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
			position += chunk.length;
			job.onBytes(position);
		}
		await out.sync();
	} finally {
		clearTimeout(watchdog);
		stop.abort();
		await out.close();
	}
	if (size !== void 0 && position < size) throw new TransientError(`the connection ended at byte ${position} of ${size}`);
}
/** The body's chunks; a broken connection is worth another try. */
async function* bodyOf(response, job) {
	try {
		yield* response.body ?? [];
	} catch (cause) {
		if (job.hub.signal?.aborted) throw job.hub.signal.reason;
		throw new TransientError(`the connection broke: ${reasonOf(cause)}`, void 0, { cause });
	}
}
function rangeStart(response) {
	return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? -1);
}
async function tooLong(job, incomplete) {
	await rm(incomplete, { force: true });
	return new CheckpointError(`${job.id}/${job.file.path}: expected ${job.file.size} bytes, the hub sends more; the file was deleted`);
}
/** Compares the hash that the hub lists; without one the length has to do. */
async function check(job, path) {
	const { sha256, gitSha1 } = job.file;
	const expected = sha256 ?? gitSha1;
	if (expected === void 0) return;
	const hash = createHash(sha256 === void 0 ? "sha1" : "sha256");
	if (sha256 === void 0) hash.update(`blob ${await sizeOf(path)}\0`);
	for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
	const actual = hash.digest("hex");
	if (actual === expected) return;
	await rm(path, { force: true });
	throw new CheckpointError(`${job.id}/${job.file.path}: expected ${sha256 === void 0 ? "git sha1" : "sha256"} ${expected}, got ${actual}; the file was deleted, download it again`);
}
async function sizeOf(path) {
	return (await stat(path).catch(() => void 0))?.size ?? 0;
}
function isDiskFull(error) {
	return ["ENOSPC", "EDQUOT"].includes(error.code ?? "");
}
function diskFull(job, path, cause) {
	return new ResourceError(`${job.id}/${job.file.path}: the disk is full while writing ${path}; make room or choose another place with --download-dir or HF_HOME, and run it again to go on`, { cause });
}
// src/checkpoint/hub-lock.ts
/** A lock file between processes, which outlives no crash: its holder renews it, and a dead holder's lock is taken over. */
/**
* Runs `work` while holding the lock at `path`; waits as long as another process holds it.
*
* @throws what `work` throws; the signal's reason when aborted while waiting
*/
async function withLock(path, work, options = {}) {
	const { pollMs = 200, staleMs = 6e4 } = options;
	await mkdir(dirname(path), { recursive: true });
	const mine = JSON.stringify({
		pid: process.pid,
		host: hostname(),
		id: randomUUID()
	});
	let told = false;
	while (!await tryCreate(path, mine)) {
		options.signal?.throwIfAborted();
		if (await isStale(path, staleMs)) {
			await takeAway(path);
			continue;
		}
		if (!told) options.onWait?.();
		told = true;
		await setTimeout$1(pollMs, void 0, options.signal === void 0 ? {} : { signal: options.signal });
	}
	const renew = setInterval(() => void utimes(path, /* @__PURE__ */ new Date(), /* @__PURE__ */ new Date()).catch(() => {}), staleMs / 6);
	renew.unref();
	try {
		return await work();
	} finally {
		clearInterval(renew);
		if (await readFile(path, "utf8").catch(() => "") === mine) await rm(path, { force: true });
	}
}
async function tryCreate(path, text) {
	try {
		const file = await open(path, "wx");
		await file.writeFile(text).finally(() => file.close());
		return true;
	} catch (error) {
		if (error.code === "EEXIST") return false;
		throw error;
	}
}
/** Whether the holder is gone: its process on this host, or its sign of life on another. */
async function isStale(path, staleMs) {
	try {
		const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
		if (Date.now() - mtimeMs > staleMs) return true;
		const { pid, host } = JSON.parse(text);
		return host === hostname() && pid !== process.pid && !isAlive(pid);
	} catch {
		return false;
	}
}
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === "EPERM";
	}
}
/** Removes a left-behind lock. If somebody else was faster and holds it now, puts theirs back. */
async function takeAway(path) {
	const aside = `${path}.${randomUUID()}`;
	const before = await readFile(path, "utf8").catch(() => void 0);
	try {
		await rename(path, aside);
	} catch {
		return;
	}
	if (await readFile(aside, "utf8").catch(() => void 0) !== before) await link(aside, path).catch(() => {});
	await rm(aside, { force: true });
}
// src/checkpoint/hub-download.ts
/** From a model's name to a path on disk: a folder as given, the Hugging Face cache, or a download into that cache. */
/** Files fetched at the same time. */
const PARALLEL = 4;
/**
* The path of a model. What exists on disk wins, then a complete copy in the cache, then the hub.
*
* @param model  a folder or file, or a model id: `org/name`, for one of several GGUF files `org/name:Q4_K_M`
* @returns      absolute path of the snapshot folder or GGUF file; an existing path as it was given
* @throws ConfigError for a name that is neither, or a model that the hub does not give; ResourceError when network or disk are not
*   enough; CheckpointError for a damaged download
*/
async function resolveModel(model, options = {}) {
	if (await stat(model).catch(() => void 0) !== void 0) return model;
	const { id, folders, environment, revision } = locate(model, options);
	const snapshot = await findSnapshot(folders, revision);
	const usable = snapshot === void 0 ? void 0 : await usableSnapshot(snapshot, id, options.loadFormat, environment.hfHubOffline);
	if (usable !== void 0) return usable;
	if (!environment.hfHubOffline) return downloadModel(model, options);
	throw new ConfigError(`${model}: there is no such path, and the model ${snapshot === void 0 ? "is not" : "is not complete"} in the cache (${folders.root}, revision ${revision}); HF_HUB_OFFLINE forbids a download: unset it, or name a folder`);
}
/**
* Asks the hub for the newest commit of the revision, and fetches those files into the cache that are not there yet.
*
* @returns absolute path of the snapshot folder, or of the GGUF file
* @throws as `resolveModel`
*/
async function downloadModel(model, options = {}) {
	const { id, folders, environment, revision } = locate(model, options);
	if (environment.hfHubOffline) throw new ConfigError(`${model}: HF_HUB_OFFLINE forbids a download; unset it`);
	const hub = {
		endpoint: environment.hfEndpoint,
		token: options.token ?? environment.hfToken ?? await storedToken(environment),
		signal: options.signal,
		idleTimeoutMs: options.idleTimeoutMs ?? 3e4
	};
	const listing = await retried(() => listFiles(hub, id.id, revision), model, options);
	const files = chooseFiles(listing.files, id, options.loadFormat);
	const work = () => fetchAll(hub, id, listing.commit, files, folders, options);
	const note = () => options.onNote?.(`${model}: another process is downloading it; waiting`);
	try {
		await withLock(folders.lock, work, {
			signal: options.signal,
			onWait: note
		});
	} catch (error) {
		throw inWords(error, folders.root);
	}
	await writeRef(folders, revision, listing.commit);
	const snapshot = join(folders.snapshots, listing.commit);
	const gguf = files.find((file) => file.path.endsWith(".gguf"));
	return gguf === void 0 ? snapshot : join(snapshot, gguf.path);
}
function locate(model, options) {
	const environment = options.environment ?? readEnvironment();
	const id = parseModelId(model);
	if (id === void 0) throw new ConfigError(`${model}: there is no such file or folder, and it is no model id either (org/name, as on the hub)`);
	return {
		id,
		folders: cacheFolders(options.cacheDir ?? environment.hfHubCache, id.id),
		environment,
		revision: options.revision ?? "main"
	};
}
async function storedToken(environment) {
	return (await readFile(environment.hfTokenPath, "utf8").catch(() => "")).trim() || void 0;
}
/** Fetches the blobs that are missing, a few at a time, and links all files; the first failure stops the others. */
async function fetchAll(hub, id, commit, files, folders, options) {
	await mkdir(folders.blobs, { recursive: true });
	const blobs = await findBlobs(files, folders, commit);
	await checkSpace(blobs, folders.root);
	const bytesTotal = blobs.reduce((sum, blob) => sum + (blob.files[0].size ?? 0), 0);
	const report = () => {
		const bytesDone = blobs.reduce((sum, blob) => sum + blob.bytes, 0);
		const filesDone = blobs.reduce((sum, blob) => sum + (blob.present ? blob.files.length : 0), 0);
		const total = Math.max(bytesTotal, bytesDone);
		options.onProgress?.({
			bytesDone,
			bytesTotal: total,
			filesDone,
			filesTotal: files.length
		});
	};
	const failed = new AbortController();
	const signal = hub.signal === void 0 ? failed.signal : AbortSignal.any([hub.signal, failed.signal]);
	const fetchOne = async (blob) => {
		if (!blob.present) {
			await fetchFile({
				hub: {
					...hub,
					signal
				},
				id: id.id,
				commit,
				file: blob.files[0],
				target: blob.path,
				onBytes: (bytes) => {
					blob.bytes = bytes;
					report();
				},
				maxTries: options.maxTries ?? 5,
				retryWaitMs: options.retryWaitMs ?? 500
			});
			blob.present = true;
		}
		for (const file of blob.files) await linkIntoSnapshot(join(folders.snapshots, commit), file.path, blob.path);
		report();
	};
	await inParallel(blobs, PARALLEL, fetchOne, failed);
}
async function findBlobs(files, folders, commit) {
	const blobs = /* @__PURE__ */ new Map();
	for (const file of files) {
		const path = join(folders.blobs, blobName(file, commit));
		const known = blobs.get(path);
		if (known !== void 0) {
			known.files.push(file);
			continue;
		}
		const size = (await stat(path).catch(() => void 0))?.size;
		const present = size !== void 0 && (file.size === void 0 || size === file.size);
		blobs.set(path, {
			path,
			files: [file],
			present,
			bytes: present ? size : 0
		});
	}
	return [...blobs.values()];
}
async function inParallel(items, width, work, failed) {
	const queue = [...items];
	let first;
	const lane = async () => {
		for (let item = queue.shift(); item !== void 0 && first === void 0; item = queue.shift()) try {
			await work(item);
		} catch (error) {
			first ??= { error };
			failed.abort();
		}
	};
	await Promise.all(Array.from({ length: width }, lane));
	if (first !== void 0) throw first.error;
}
/** The blob's name is its hash, as in the Hugging Face cache; a file without one is named after commit and path. */
function blobName(file, commit) {
	return file.sha256 ?? file.gitSha1 ?? `${commit}-${file.path.replaceAll("/", "--")}`;
}
async function checkSpace(blobs, folder) {
	let needed = 0;
	for (const blob of blobs) {
		if (blob.present) continue;
		const have = (await stat(`${blob.path}.incomplete`).catch(() => void 0))?.size ?? 0;
		needed += Math.max(0, (blob.files[0].size ?? 0) - have);
	}
	const disk = await statfs(folder).catch(() => void 0);
	if (disk === void 0) return;
	const free = disk.bavail * disk.bsize;
	if (needed > free) throw new ResourceError(`${folder}: the download needs ${showBytes(needed)}, the disk has ${showBytes(free)} free; make room or choose another place with --download-dir or HF_HOME`);
}
async function retried(work, model, options) {
	const maxTries = options.maxTries ?? 5;
	for (let failures = 1;; failures++) try {
		return await work();
	} catch (error) {
		if (!(error instanceof TransientError) || options.signal?.aborted) throw error;
		if (failures >= maxTries) throw new ResourceError(`${model}: there is no such path, and the hub cannot be reached: ${error.message}; check the network, HF_ENDPOINT, or name a folder`, { cause: error });
		options.onNote?.(`${error.message}; trying again`);
		const waitMs = error.waitMs ?? (options.retryWaitMs ?? 500) * 2 ** (failures - 1);
		await setTimeout$1(waitMs, void 0, options.signal === void 0 ? {} : { signal: options.signal });
	}
}
/** File system errors say where and what to do. */
function inWords(error, folder) {
	const code = error.code;
	if (code !== "EACCES" && code !== "EROFS" && code !== "EPERM" && code !== "ENOTDIR") return error;
	return new ResourceError(`${folder}: cannot be written (${code}); choose another place with --download-dir or HF_HOME`, { cause: error });
}
export { resolveModel as n, parseModelId as r, downloadModel as t };
