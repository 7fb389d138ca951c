import { c as ResourceError, l as ShapeError } from "./errors-CjlPyKrT.js";
import { t as packageRoot } from "./package-root-DW2ZyEQq.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { spawn } from "node:child_process";
// src/engine/wire/extensions.ts
/** The extension types that `pack` and `unpack` add to MessagePack. */
/** Numbers of the types; typed arrays have those from `TYPED_ARRAYS` on. */
const Extension = {
	/** No bytes. */
	undefined: 0,
	/** A string with lone surrogates, which UTF-8 cannot say: little-endian UTF-16. */
	utf16: 1
};
const FIRST_TYPED_ARRAY = 16;
/** Uint8Array is MessagePack's own "bin". In the machine's byte order: both ends are on one machine. */
const TYPED_ARRAYS = [
	Int8Array,
	Uint8ClampedArray,
	Int16Array,
	Uint16Array,
	Int32Array,
	Uint32Array,
	Float32Array,
	Float64Array,
	BigInt64Array,
	BigUint64Array
];
/** Extension type of a typed array; undefined for other views. */
function typedArrayKind(array) {
	const index = TYPED_ARRAYS.findIndex((type) => array instanceof type);
	return index < 0 ? void 0 : FIRST_TYPED_ARRAY + index;
}
/** The array of an extension type, with a copy of the bytes; undefined for other types. */
function typedArrayOf(kind, bytes) {
	const type = TYPED_ARRAYS[kind - FIRST_TYPED_ARRAY];
	return type && new type(new Uint8Array(bytes).buffer);
}
// src/engine/wire/pack.ts
/** Packer: plain data to MessagePack. What comes out of `unpack` is the same to the last bit. */
const INITIAL_BYTES = 16384;
/** A larger scratch buffer is not kept. */
const MAX_KEPT_BYTES = 4194304;
/** Longer strings are written by Buffer, which is slower for few characters. */
const SHORT_STRING$1 = 48;
/**
* Numbers, strings (lone surrogates too), booleans, null, undefined, bigints of 64 bits, arrays, typed arrays and plain objects. The
* format is MessagePack's; undefined, typed arrays and strings that are no UTF-8 are extensions (see extensions.ts).
*
* Keeps a scratch buffer: one per connection.
*/
var Packer = class {
	#bytes = Buffer.allocUnsafe(INITIAL_BYTES);
	#view = viewOf(this.#bytes);
	#at = 0;
	/**
	* @param reserve bytes that are left free at the start, for a header
	* @returns bytes of their own, not used again
	* @throws ShapeError for what is not plain data: functions, symbols, class instances
	*/
	pack(value, reserve = 0) {
		this.#at = 0;
		this.#room(reserve);
		this.#at = reserve;
		this.#value(value);
		const packed = Buffer.from(this.#bytes.subarray(0, this.#at));
		if (this.#bytes.length > MAX_KEPT_BYTES) this.#use(Buffer.allocUnsafe(INITIAL_BYTES));
		return packed;
	}
	#use(bytes) {
		this.#bytes = bytes;
		this.#view = viewOf(bytes);
	}
	#room(bytes) {
		if (this.#at + bytes <= this.#bytes.length) return;
		const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + bytes));
		this.#bytes.copy(larger, 0, 0, this.#at);
		this.#use(larger);
	}
	#value(value) {
		switch (typeof value) {
			case "number": return this.#number(value);
			case "string": return this.#string(value);
			case "boolean": return this.#byte(value ? 195 : 194);
			case "undefined": return this.#extension(Extension.undefined, EMPTY);
			case "bigint": return this.#bigint(value);
			case "object": return value === null ? this.#byte(192) : this.#object(value);
			default: throw notPlain(`a ${typeof value}`);
		}
	}
	#byte(byte) {
		this.#room(1);
		this.#bytes[this.#at++] = byte;
	}
	#number(value) {
		this.#room(9);
		const view = this.#view;
		const at = this.#at;
		if (!Number.isInteger(value) || Object.is(value, -0) || value > 4294967295 || value < -2147483648) {
			view.setUint8(at, 203);
			view.setFloat64(at + 1, value);
			this.#at += 9;
		} else if (value >= 0) {
			if (value < 128) view.setUint8(this.#at++, value);
			else this.#at += unsigned(view, at, value, 204);
		} else if (value >= -32) view.setInt8(this.#at++, value);
		else if (value >= -128) {
			view.setUint8(at, 208);
			view.setInt8(at + 1, value);
			this.#at += 2;
		} else if (value >= -32768) {
			view.setUint8(at, 209);
			view.setInt16(at + 1, value);
			this.#at += 3;
		} else {
			view.setUint8(at, 210);
			view.setInt32(at + 1, value);
			this.#at += 5;
		}
	}
	/** A length or count: in the first byte if it is below `small`, else in the 1, 2 or 4 bytes after `code` (no 1 if `code8` is 0). */
	#length(length, fix, small, code8, code16) {
		this.#room(5);
		if (length < small) this.#bytes[this.#at++] = fix | length;
		else if (code8 !== 0 && length < 256) this.#at += unsigned(this.#view, this.#at, length, code8);
		else this.#at += unsigned(this.#view, this.#at, Math.max(length, 0), code16 - 1, length < 65536 ? 2 : 4);
	}
	#string(text) {
		const { length } = text;
		if (length <= SHORT_STRING$1 && this.#ascii(text)) return;
		if (LONE_SURROGATE.test(text)) return this.#extension(Extension.utf16, Buffer.from(text, "utf16le"));
		const numBytes = Buffer.byteLength(text);
		this.#length(numBytes, 160, 32, 217, 218);
		this.#room(numBytes);
		this.#at += this.#bytes.write(text, this.#at, "utf8");
	}
	/** Writes a short string of ASCII; false, and nothing is written, for others. */
	#ascii(text) {
		const { length } = text;
		const start = this.#at;
		this.#length(length, 160, 32, 217, 218);
		this.#room(length);
		for (let i = 0; i < length; i++) {
			const code = text.charCodeAt(i);
			if (code >= 128) {
				this.#at = start;
				return false;
			}
			this.#bytes[this.#at++] = code;
		}
		return true;
	}
	#bigint(value) {
		this.#room(9);
		if (BigInt.asIntN(64, value) === value) {
			this.#view.setUint8(this.#at, 211);
			this.#view.setBigInt64(this.#at + 1, value);
		} else if (BigInt.asUintN(64, value) === value) {
			this.#view.setUint8(this.#at, 207);
			this.#view.setBigUint64(this.#at + 1, value);
		} else throw notPlain(`the bigint ${value}, which has more than 64 bits,`);
		this.#at += 9;
	}
	#object(value) {
		if (Array.isArray(value)) {
			this.#length(value.length, 144, 16, 0, 220);
			for (const member of value) this.#value(member);
		} else if (ArrayBuffer.isView(value)) this.#typedArray(value);
		else {
			const prototype = Object.getPrototypeOf(value);
			if (prototype !== Object.prototype && prototype !== null) throw notPlain(`a ${value.constructor?.name ?? "class instance"}`);
			const keys = Object.keys(value);
			this.#length(keys.length, 128, 16, 0, 222);
			for (const key of keys) {
				this.#string(key);
				this.#value(value[key]);
			}
		}
	}
	#typedArray(array) {
		const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
		if (array instanceof Uint8Array) {
			this.#length(bytes.length, 0, 0, 196, 197);
			this.#append(bytes);
		} else {
			const kind = typedArrayKind(array);
			if (kind === void 0) throw notPlain(`a ${array.constructor.name}`);
			this.#extension(kind, bytes);
		}
	}
	#extension(type, bytes) {
		this.#length(bytes.length, 0, 0, 199, 200);
		this.#byte(type);
		this.#append(bytes);
	}
	#append(bytes) {
		this.#room(bytes.length);
		bytes.copy(this.#bytes, this.#at);
		this.#at += bytes.length;
	}
};
const EMPTY = Buffer.alloc(0);
/** Half of a pair of UTF-16 codes, alone. */
const LONE_SURROGATE = /\p{Surrogate}/u;
function viewOf({ buffer, byteOffset, byteLength }) {
	return new DataView(buffer, byteOffset, byteLength);
}
/** Writes `code` for 1 byte, `code` + 1 for 2, `code` + 2 for 4, and the number. Returns how many bytes that took. */
function unsigned(view, at, value, code, bytes = 0) {
	const size = bytes || (value < 256 ? 1 : value < 65536 ? 2 : 4);
	view.setUint8(at, code + (size === 1 ? 0 : size === 2 ? 1 : 2));
	if (size === 1) view.setUint8(at + 1, value);
	else if (size === 2) view.setUint16(at + 1, value);
	else view.setUint32(at + 1, value);
	return 1 + size;
}
function notPlain(what) {
	return new ShapeError(`${what} cannot be sent to the engine's process: only plain data can; use engine "in-process", or name a module that makes it there`);
}
// src/engine/wire/unpack.ts
/** Unpacker: MessagePack to plain data; the other half of pack.ts. */
/** Longer strings are read by Buffer, which is slower for few characters. */
const SHORT_STRING = 24;
/**
* The value in `bytes`, all of them.
* @throws ShapeError if they are cut off, too many, or not what `Packer` writes
*/
function unpack(bytes) {
	const unpacker = new Unpacker(bytes);
	try {
		const value = unpacker.value();
		if (unpacker.at === bytes.length) return value;
	} catch (cause) {
		if (!(cause instanceof RangeError)) throw cause;
		throw new ShapeError(`a message of ${bytes.length} bytes is cut off`, { cause });
	}
	throw new ShapeError(`a message of ${bytes.length} bytes has ${bytes.length - unpacker.at} too many`);
}
var Unpacker = class {
	at = 0;
	#bytes;
	#view;
	constructor(bytes) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}
	value() {
		const code = this.#view.getUint8(this.at++);
		if (code < 128) return code;
		if (code < 144) return this.#map(code & 15);
		if (code < 160) return this.#array(code & 15);
		if (code < 192) return this.#string(code & 31);
		if (code >= 224) return code - 256;
		switch (code) {
			case 192: return null;
			case 194: return false;
			case 195: return true;
			case 196:
			case 197:
			case 198: return new Uint8Array(this.#take(this.#unsigned(code - 196)));
			case 199:
			case 200:
			case 201: return this.#extension(this.#unsigned(code - 199));
			case 203: return this.#view.getFloat64((this.at += 8) - 8);
			case 204:
			case 205:
			case 206: return this.#unsigned(code - 204);
			case 207: return this.#view.getBigUint64((this.at += 8) - 8);
			case 208: return this.#view.getInt8((this.at += 1) - 1);
			case 209: return this.#view.getInt16((this.at += 2) - 2);
			case 210: return this.#view.getInt32((this.at += 4) - 4);
			case 211: return this.#view.getBigInt64((this.at += 8) - 8);
			case 217:
			case 218:
			case 219: return this.#string(this.#unsigned(code - 217));
			case 220:
			case 221: return this.#array(this.#unsigned(code - 220 + 1));
			case 222:
			case 223: return this.#map(this.#unsigned(code - 222 + 1));
			default: throw new ShapeError(`a message has the code ${code} at byte ${this.at - 1}, which is not in use`);
		}
	}
	/** @param power 0, 1, 2 for 1, 2, 4 bytes */
	#unsigned(power) {
		if (power === 0) return this.#view.getUint8(this.at++);
		if (power === 1) return this.#view.getUint16((this.at += 2) - 2);
		return this.#view.getUint32((this.at += 4) - 4);
	}
	#take(length) {
		const end = this.at + length;
		if (end > this.#bytes.length) throw new RangeError("cut off");
		return this.#bytes.subarray(this.at, this.at = end);
	}
	#string(length) {
		const start = this.at;
		const end = start + length;
		if (end > this.#bytes.length) throw new RangeError("cut off");
		this.at = end;
		if (length > SHORT_STRING) return this.#bytes.toString("utf8", start, end);
		let text = "";
		for (let i = start; i < end; i++) {
			const code = this.#bytes[i];
			if (code >= 128) return this.#bytes.toString("utf8", start, end);
			text += String.fromCharCode(code);
		}
		return text;
	}
	#array(length) {
		if (this.at + length > this.#bytes.length) throw new RangeError("cut off");
		const list = [];
		for (let i = 0; i < length; i++) list.push(this.value());
		return list;
	}
	#map(length) {
		const map = {};
		for (let i = 0; i < length; i++) {
			const key = this.value();
			const value = this.value();
			if (key === "__proto__") Object.defineProperty(map, key, {
				value,
				enumerable: true,
				writable: true
			});
			else map[key] = value;
		}
		return map;
	}
	#extension(length) {
		const type = this.#view.getUint8(this.at++);
		const bytes = this.#take(length);
		if (type === Extension.undefined) return void 0;
		if (type === Extension.utf16) return bytes.toString("utf16le");
		const array = typedArrayOf(type, bytes);
		if (array !== void 0) return array;
		throw new ShapeError(`a message has the extension type ${type}, which is not in use`);
	}
};
// src/engine/wire/frames.ts
/** Frames: messages on a stream of bytes, each after its length in 4 bytes. */
const HEADER_BYTES = 4;
/** Far more than any message; a longer one means that the stream is broken. */
const MAX_FRAME_BYTES = 2 ** 30;
/** Packs messages, one frame each. */
var FrameWriter = class {
	#packer = new Packer();
	/** @throws ShapeError for what is not plain data, or is larger than 1 GiB */
	frame(message) {
		const bytes = this.#packer.pack(message, HEADER_BYTES);
		const length = bytes.length - HEADER_BYTES;
		if (length > MAX_FRAME_BYTES) throw new ShapeError(`a message of ${length} bytes is longer than ${MAX_FRAME_BYTES}`);
		bytes.writeUInt32BE(length, 0);
		return bytes;
	}
};
/** Unpacks messages from pieces of the stream, wherever they are cut. */
var FrameReader = class {
	#pieces = [];
	#numBytes = 0;
	/** Bytes that are needed before there is something to do. */
	#needed = HEADER_BYTES;
	/**
	* The messages that this piece completes, in order.
	* @throws ShapeError if the stream is broken; it cannot be read further
	*/
	*read(piece) {
		this.#pieces.push(piece);
		this.#numBytes += piece.length;
		while (this.#numBytes >= this.#needed) {
			const bytes = this.#joined();
			const length = bytes.readUInt32BE(0);
			if (length > MAX_FRAME_BYTES) throw new ShapeError(`the stream is broken: a message of ${length} bytes`);
			const end = HEADER_BYTES + length;
			if (bytes.length < end) {
				this.#needed = end;
				return;
			}
			const rest = bytes.subarray(end);
			this.#pieces = rest.length > 0 ? [rest] : [];
			this.#numBytes = rest.length;
			this.#needed = HEADER_BYTES;
			yield unpack(bytes.subarray(HEADER_BYTES, end));
		}
	}
	#joined() {
		if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
		return this.#pieces[0];
	}
};
/** Milliseconds from the end of either, socket or process, to the end of the other. */
const END_LIMIT_MS = 500;
/** From sources (tests, tsx) or from bundles. */
const isSource = import.meta.url.endsWith(".ts");
/** The module that the process runs. */
function defaultEntry() {
	return isSource ? fileURLToPath(new URL("engine-process.ts", import.meta.url)) : join(packageRoot, "dist", "engine", "engine-process.js");
}
/** What node is told before the entry: as this process was, less what concerns this process alone. */
function childExecArgv(execArgv, entry) {
	const kept = [];
	for (let i = 0; i < execArgv.length; i++) {
		const arg = execArgv[i];
		if (/^(-e|-p|-pe|--eval|--print)$/.test(arg)) i++;
		else if (!/^(-i$|-c$|--(eval|print|inspect|watch|test|input-type|interactive|check)\b)/.test(arg)) kept.push(arg);
	}
	if (!entry.endsWith(".ts") || kept.some((arg) => /(^|[/=])tsx\b/.test(arg))) return kept;
	const tsx = createRequire(join(packageRoot, "package.json")).resolve("tsx/esm");
	return [
		...kept,
		"--import",
		pathToFileURL(tsx).href
	];
}
/**
* Starts a process and talks with it over a pair of unix sockets that no other process has: there is no path that somebody could
* open, and nothing to remove. The child has one end as file descriptor 3; it ends when the other one closes.
*/
var EngineChild = class {
	/** Gets every message, in order. */
	onMessage = () => void 0;
	/** Called once, after the last message: nothing more will come, and the process is no more. `end` says how it ended. */
	onEnd = () => void 0;
	/** Settles with `onEnd`. */
	ended;
	#child;
	#socket;
	#writer = new FrameWriter();
	#reader = new FrameReader();
	#isEnded = false;
	#broken;
	/** @throws ResourceError if no process can be started */
	constructor(entry = defaultEntry()) {
		const args = [...childExecArgv(process.execArgv, entry), entry];
		try {
			this.#child = spawn(process.execPath, args, { stdio: [
				"ignore",
				2,
				2,
				"pipe"
			] });
		} catch (cause) {
			throw notStarted(cause);
		}
		this.#child.on("error", () => void 0);
		const socket = this.#child.stdio?.[3];
		if (!socket) throw notStarted(/* @__PURE__ */ new Error("no socket could be made"));
		this.#socket = socket;
		this.ended = this.#watch();
	}
	/** Undefined if it could not be started. */
	get pid() {
		return this.#child.pid;
	}
	/** Sends a message; nothing happens after the end. @throws ShapeError if it is not plain data */
	send(message) {
		if (this.#isEnded || !this.#socket.writable) return;
		this.#socket.write(this.#writer.frame(message));
	}
	/** Ends the process at once, stopped or not. */
	kill() {
		this.#child.kill("SIGKILL");
	}
	/** Whether the process and its socket keep this process alive. */
	hold(isHeld) {
		if (isHeld) {
			this.#child.ref();
			this.#socket.ref();
		} else {
			this.#child.unref();
			this.#socket.unref();
		}
	}
	async #watch() {
		const child = this.#child;
		const socket = this.#socket;
		const killAtExit = () => this.kill();
		process.once("exit", killAtExit);
		socket.on("data", (bytes) => this.#read(bytes));
		socket.on("error", () => void 0);
		const closed = new Promise((resolve) => socket.once("close", () => resolve()));
		const exited = new Promise((resolve) => {
			child.once("error", (error) => resolve(child.pid === void 0 ? notStarted(error).message : messageOf(error)));
			child.once("exit", (code, signal) => resolve(describeEnd(child.pid, code, signal)));
		});
		await Promise.race([exited, closed]);
		const timer = setTimeout(() => {
			this.kill();
			socket.destroy();
		}, END_LIMIT_MS);
		const [end] = await Promise.all([exited, closed]);
		clearTimeout(timer);
		process.removeListener("exit", killAtExit);
		this.#isEnded = true;
		this.onEnd(this.#broken === void 0 ? end : messageOf(this.#broken));
	}
	#read(bytes) {
		try {
			for (const message of this.#reader.read(bytes)) this.onMessage(message);
		} catch (error) {
			this.#broken = error;
			this.#socket.destroy();
			this.kill();
		}
	}
};
function describeEnd(pid, code, signal) {
	if (signal === null) return `its process (${pid}) ended with code ${code}`;
	return `its process (${pid}) was ended by ${signal}${signal === "SIGKILL" ? "; the kernel does that when memory runs out (dmesg tells)" : ""}`;
}
function notStarted(cause) {
	return new ResourceError(`the engine's process could not be started: ${messageOf(cause)}; engine "in-process" (--engine in-process) needs none`, { cause });
}
export { FrameWriter as i, childExecArgv as n, FrameReader as r, EngineChild as t };
