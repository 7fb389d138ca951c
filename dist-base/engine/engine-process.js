import "../chunks/copies-BSAA4BuG.js";
import { t as createWorker } from "../chunks/create-worker-BnjcDtzY.js";
import { r as logitsProcessors } from "../chunks/logits-processor-Cps5c56H.js";
import { t as createInProcessTransport } from "../chunks/in-process-transport-CSlghuGW.js";
import { i as errorToData, n as outputToRow } from "../chunks/output-row-U-XrPt_N.js";
import { i as FrameWriter, r as FrameReader } from "../chunks/engine-child-uOvniDl0.js";
import { Socket } from "node:net";
// src/engine/core-host.ts
/** Bytes that may wait in the socket before further steps are gathered into one message. */
const MAX_WAITING_BYTES = 262144;
/** Bytes that may wait before profiles of steps are left out. */
const MAX_WAITING_PROFILE_BYTES = 67108864;
/**
* Loads the model that the first message names, and joins its core with the socket. A front that is slow to read never holds a
* step up: what it has not read yet is gathered, which takes no more memory than the open requests' own results.
*/
var CoreHost = class {
	/** Settles when the process has no more to do and the last message is out. */
	done;
	#socket;
	#createWorker;
	#writer = new FrameWriter();
	#core;
	#isLoading = false;
	#stopProfile;
	/** What the front is still to get. */
	#outputs = [];
	#times = [];
	#finish;
	constructor(socket, createWorker) {
		this.#socket = socket;
		this.#createWorker = createWorker;
		this.done = new Promise((resolve) => this.#finish = resolve);
		const reader = new FrameReader();
		socket.on("data", (bytes) => {
			try {
				for (const message of reader.read(bytes)) this.#take(message);
			} catch (error) {
				this.die(error);
			}
		});
		socket.on("drain", () => this.#sendStep());
		socket.on("error", () => this.#finish("orphaned"));
		socket.on("close", () => this.#finish("orphaned"));
	}
	/** Tells the front that the process can go no further, and ends. */
	die(cause) {
		const error = errorToData(cause);
		const words = `${error.name === "Error" ? "" : `${error.name}: `}${error.message}`;
		if (this.#core === void 0) this.#send({
			type: "failed",
			error
		});
		else this.#send({
			type: "death",
			message: `the engine died: ${words}`,
			cause: error
		});
		this.#leave("died");
	}
	/** Ends the step under way, if it does so in time, and closes what the core has open. */
	async closeCore(limitMs) {
		const limit = new Promise((resolve) => setTimeout(resolve, limitMs));
		await Promise.race([this.#core?.close(), limit]);
	}
	#take(message) {
		switch (message.type) {
			case "start":
				this.#load(message.config, message.program);
				return;
			case "add": return this.#core?.addRequests(message.requests);
			case "abort": return this.#core?.abort(message.requestIds);
			case "call":
				this.#call(message.id, message.name);
				return;
			case "profile": return this.#profile(message.on);
			case "ping": return this.#send({ type: "pong" });
			case "close":
				this.#close();
				return;
		}
	}
	async #load(config, program) {
		if (this.#isLoading) return;
		this.#isLoading = true;
		try {
			const core = await createInProcessTransport(config, this.#createWorker, {
				program,
				log: (line) => this.#send({
					type: "log",
					line
				}),
				progress: (progress) => this.#send({
					type: "progress",
					progress
				})
			});
			this.#core = core;
			core.listen({
				outputs: (outputs) => {
					this.#outputs.push(...outputs);
					this.#sendStep();
				},
				stepped: (wallMs, nativeMs) => void this.#times.push(wallMs, nativeMs),
				idle: () => this.#sendStep(),
				death: (message, cause) => {
					this.#sendStep();
					this.#send({
						type: "death",
						message,
						cause: errorToData(cause)
					});
					this.#leave("died");
				}
			});
			const { timeOrigin } = performance;
			const info = {
				...core.info,
				logitsProcessors: [...logitsProcessors().keys()]
			};
			this.#send({
				type: "ready",
				info,
				stats: this.#figures(core),
				timeOrigin
			});
		} catch (error) {
			this.#send({
				type: "failed",
				error: errorToData(error)
			});
			this.#leave("died");
		}
	}
	#sendStep() {
		const core = this.#core;
		if (core === void 0 || this.#socket.writableLength > MAX_WAITING_BYTES) return;
		const outputs = this.#outputs.map(outputToRow);
		const times = this.#times;
		this.#outputs = [];
		this.#times = [];
		this.#send({
			type: "step",
			step: {
				outputs,
				times,
				stats: this.#figures(core)
			}
		});
	}
	#figures(core) {
		const { recentSteps: _, ...figures } = core.stats(0);
		return figures;
	}
	async #call(id, name) {
		if (this.#core === void 0) return;
		try {
			this.#send({
				type: "answer",
				id,
				value: await this.#core.call(name)
			});
		} catch (error) {
			this.#send({
				type: "refusal",
				id,
				error: errorToData(error)
			});
		}
	}
	#profile(isOn) {
		this.#stopProfile?.();
		this.#stopProfile = isOn ? this.#core?.profileSteps((profile) => {
			if (this.#socket.writableLength < MAX_WAITING_PROFILE_BYTES) this.#send({
				type: "profile",
				profile
			});
		}) : void 0;
	}
	async #close() {
		await this.#core?.close();
		this.#leave("closed");
	}
	#send(message) {
		if (this.#socket.writable) this.#socket.write(this.#writer.frame(message));
	}
	/** Ends the socket after what was sent. */
	#leave(end) {
		this.#socket.end(() => this.#finish(end));
	}
};
// src/engine/run-core-host.ts
/** The life of an engine core's process: from the socket that it inherits to its end. */
/** Milliseconds that a process without a front may take to close its files. */
const ORPHAN_LIMIT_MS = 500;
/**
* Serves the front until that closes the core, or the core dies, or the front is gone, and ends the process. Signals that a terminal
* or a service manager sends to all processes of a group are the front's to answer: it closes this one in order, and if it dies
* instead, its end of the socket closes.
*/
async function runCoreHost(createWorker) {
	process.title = "quire: engine";
	for (const signal of [
		"SIGINT",
		"SIGTERM",
		"SIGHUP"
	]) process.on(signal, () => void 0);
	const host = new CoreHost(new Socket({
		fd: 3,
		readable: true,
		writable: true
	}), createWorker);
	process.on("uncaughtException", (error) => host.die(error));
	process.on("unhandledRejection", (error) => host.die(error));
	const end = await host.done;
	if (end === "orphaned") {
		await host.closeCore(ORPHAN_LIMIT_MS);
		process.kill(process.pid, "SIGKILL");
	}
	process.exit(end === "closed" ? 0 : 1);
}
// src/engine/engine-process.ts
await runCoreHost(createWorker);
export {};
