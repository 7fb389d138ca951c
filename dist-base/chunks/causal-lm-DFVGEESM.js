import { a as LifetimeError, l as ShapeError, r as ConfigError } from "./errors-CjlPyKrT.js";
import { t as Tensor } from "./tensor-JGDOnnfU.js";
import { t as Program } from "./program-Dlln9x5O.js";
import { n as numElements, r as rowMajorStrides, t as formatShape } from "./shape-fqbSRAhU.js";
// src/parallel/sharding.ts
/** Which part of a dimension each rank owns. Pure arithmetic, for any number of ranks. */
/**
* An equal part of `size` for each rank.
* @throws ConfigError if size does not divide
*/
function shardRange(what, size, { rank, worldSize }) {
	if (size % worldSize !== 0) throw new ConfigError(`${what}: ${size} does not divide by --tensor-parallel-size ${worldSize}; choose a divisor of ${size}`);
	const count = size / worldSize;
	return {
		start: rank * count,
		count
	};
}
/**
* KV heads of this rank. With fewer heads than ranks each is held by several ranks, next to the query heads that use it.
* @throws ConfigError if neither divides the other
*/
function kvHeadRange(what, numKvHeads, { rank, worldSize }) {
	if (numKvHeads >= worldSize) return shardRange(`${what}: KV heads`, numKvHeads, {
		rank,
		worldSize
	});
	if (worldSize % numKvHeads !== 0) throw new ConfigError(`${what}: ${numKvHeads} KV heads cannot be replicated evenly over --tensor-parallel-size ${worldSize}`);
	return {
		start: Math.floor(rank / (worldSize / numKvHeads)),
		count: 1
	};
}
/** Rows that the padded vocabulary of each rank has are a multiple of this. Source: vLLM DEFAULT_VOCAB_PADDING_SIZE. */
const vocabPadding = 64;
/**
* Vocabulary rows of this rank: the vocabulary is padded so that all ranks own equally many; `used` of them exist.
* One rank pads nothing.
*/
function vocabRange(vocabSize, { rank, worldSize }) {
	if (worldSize === 1) return {
		start: 0,
		count: vocabSize,
		used: vocabSize
	};
	const unit = vocabPadding * worldSize;
	const count = Math.ceil(vocabSize / unit) * unit / worldSize;
	const start = rank * count;
	return {
		start,
		count,
		used: Math.max(0, Math.min(vocabSize - start, count))
	};
}
// src/layers/check-options.ts
/** Checks of what layers are constructed with: undeclared config fields arrive here as undefined where nobody ran tsc. */
const hint = "if it comes from config.json, declare it in hfConfig";
/** @throws ConfigError unless every size is a positive integer */
function checkSizes(prefix, sizes) {
	for (const [name, size] of Object.entries(sizes)) if (!Number.isSafeInteger(size) || size < 1) throw new ConfigError(`${prefix.name}: ${name} must be a positive integer, got ${size}; ${hint}`);
}
/** @throws ConfigError unless `value` is a finite number */
function checkNumber(prefix, name, value) {
	if (!Number.isFinite(value)) throw new ConfigError(`${prefix.name}: ${name} must be a number, got ${value}; ${hint}`);
}
/** @throws ConfigError unless `value` is one of `allowed` */
function checkOneOf(prefix, name, value, allowed) {
	if (!allowed.includes(value)) throw new ConfigError(`${prefix.name}: ${name} must be one of ${allowed.join(", ")}, got ${value}; ${hint}`);
}
// src/layers/source.ts
/** A checkpoint name, the shape that the tensor must have there, and steps. Immutable: every step returns a new source. */
var Source = class Source {
	name;
	/** Shape of the whole tensor in the checkpoint, before any step. */
	shape;
	steps;
	constructor(name, shape, steps = []) {
		this.name = name;
		this.shape = shape;
		this.steps = steps;
	}
	/** Rows [start, start + count) of the first dimension. */
	rows(start, count) {
		return this.slice(0, start, count);
	}
	/** Columns [start, start + count) of the last dimension. */
	columns(start, count) {
		return this.slice(-1, start, count);
	}
	/** Part of one dimension; negative dimensions count from the end. */
	slice(dimension, start, count) {
		return this.with((view) => {
			const d = dimension < 0 ? view.shape.length + dimension : dimension;
			const size = view.shape[d];
			if (size === void 0 || start < 0 || start + count > size) throw new ShapeError(`slice ${start}..${start + count} of dimension ${dimension} of ${formatShape(view.shape)}`);
			return {
				shape: view.shape.map((n, i) => i === d ? count : n),
				strides: view.strides,
				offset: view.offset + start * view.strides[d]
			};
		});
	}
	/** Another shape with the same elements in the same order. */
	reshape(...shape) {
		return this.with((view) => reshapeView(view, shape));
	}
	/** Dimensions in another order: permute(1, 0) transposes. */
	permute(...order) {
		return this.with((view) => ({
			shape: order.map((d) => view.shape[d]),
			strides: order.map((d) => view.strides[d]),
			offset: view.offset
		}));
	}
	/** Swaps the last two dimensions: for checkpoints that store [inputs, outputs]. */
	transpose() {
		return this.with(({ shape, strides, offset }) => {
			const swap = (list) => [
				...list.slice(0, -2),
				list[list.length - 1],
				list[list.length - 2]
			];
			return {
				shape: swap(shape),
				strides: swap(strides),
				offset
			};
		});
	}
	/**
	* What the steps make of the tensor.
	* @throws ShapeError if a step does not fit the shape
	*/
	view() {
		const whole = {
			shape: this.shape,
			strides: rowMajorStrides(this.shape),
			offset: 0
		};
		return this.steps.reduce((view, step) => step(view), whole);
	}
	with(step) {
		return new Source(this.name, this.shape, [...this.steps, step]);
	}
};
/** Splits and merges dimensions where strides allow it. @throws ShapeError where elements would have to move */
function reshapeView(view, shape) {
	if (numElements(shape) !== numElements(view.shape)) throw new ShapeError(`cannot reshape ${formatShape(view.shape)} to ${formatShape(shape)}`);
	const strides = new Array(shape.length);
	let from = view.shape.length - 1;
	let to = shape.length - 1;
	while (to >= 0) {
		let oldSize = from >= 0 ? view.shape[from] : 1;
		let stride = from >= 0 ? view.strides[from] : 1;
		let newSize = shape[to];
		let first = to;
		while (oldSize !== newSize) if (oldSize < newSize) {
			from--;
			if (from < 0 || oldSize > 1 && view.strides[from] !== stride * oldSize) throw new ShapeError(`cannot reshape ${formatShape(view.shape)} to ${formatShape(shape)} without moving elements`);
			if (oldSize === 1) stride = view.strides[from];
			oldSize *= view.shape[from];
		} else newSize *= shape[--first];
		for (let i = to; i >= first; i--) {
			strides[i] = stride;
			stride *= shape[i];
		}
		from--;
		to = first - 1;
	}
	return {
		shape,
		strides,
		offset: view.offset
	};
}
// src/layers/module.ts
/** Base of layers and models. Class fields run after super(prefix), so a class body is the module tree. */
/**
* A module of a model; C is the model's config. Fields are set from top to bottom: one that uses another stands below it.
* Errors inside `forward` begin with the module's name.
*/
var Module = class {
	prefix;
	config;
	constructor(prefix) {
		this.prefix = prefix;
		this.config = prefix.config;
		const { watch } = prefix.context;
		watch?.constructed(prefix.name, this);
		recordScope(this, prefix.name, watch);
	}
	/**
	* A child's prefix: claims the name under this module's. Layers without weights (rotary, attention) need one too.
	* @throws ConfigError that shows both places when a name is taken
	*/
	at(name) {
		return this.prefix.at(name);
	}
	/**
	* A parameter of this module's own, for ops that no layer has: f32, whole on every rank, in plain order.
	* @param name  the end of its name in the checkpoint: "alpha_p"
	* @param shape as in the checkpoint
	* @throws ConfigError when a size is wrong
	*/
	parameter(name, shape) {
		checkSizes(this.prefix, Object.fromEntries(shape.map((size, i) => [`dimension ${i} of ${name}`, size])));
		const full = this.prefix.join(name);
		return this.prefix.context.parameters.declare({
			name: full,
			shape,
			dtype: "f32",
			layout: "rowMajor",
			parts: [{
				source: new Source(full, shape),
				rowStart: 0,
				rowCount: shape[0]
			}]
		});
	}
	/**
	* `count` children `name.0`, `name.1` …, each made by `make` (a class or a function of its prefix and index).
	* @throws ConfigError when count is not an integer from 0
	*/
	list(name, count, make) {
		if (!Number.isSafeInteger(count) || count < 0) throw new ConfigError(`${this.prefix.join(name)}: the number of layers must be an integer from 0, got ${count}; if it comes from config.json, declare it in hfConfig`);
		return Array.from({ length: count }, (_, i) => {
			const prefix = this.at(`${name}.${i}`);
			return isClass(make) ? new make(prefix, i) : make(prefix, i);
		});
	}
};
function isClass(make) {
	return make.prototype instanceof Module;
}
/** Wraps forward and computeLogits so that ops recorded inside, and errors, carry the module's name. */
function recordScope(module, name, watch) {
	const where = name === "" ? module.constructor.name : name;
	for (const method of ["forward", "computeLogits"]) {
		let original = module[method];
		if (typeof original !== "function") continue;
		if (watch) original = watched(original, name, method, watch);
		const call = original;
		const wrapped = function(...args) {
			try {
				const program = programOfArguments(args);
				if (!program || name === "") return call.apply(this, args);
				program.enter(name);
				try {
					return call.apply(this, args);
				} finally {
					program.leave();
				}
			} catch (error) {
				throw located(error, where);
			}
		};
		Object.defineProperty(module, method, {
			value: wrapped,
			writable: true,
			configurable: true
		});
	}
}
/** The same function, which tells the watch of every call. */
function watched(original, name, method, watch) {
	return function(...args) {
		const result = original.apply(this, args);
		watch.called({
			name,
			method,
			module: this,
			inputs: tensorsIn(args),
			outputs: tensorsIn([result])
		});
		return result;
	};
}
/** Tensors in a list of arguments: in lists too, and of a step its token ids and positions. */
function tensorsIn(values) {
	return values.flatMap((value) => {
		if (value instanceof Tensor) return [value];
		if (Array.isArray(value)) return tensorsIn(value);
		const { inputIds, positions } = value ?? {};
		return tensorsIn([inputIds, positions].filter((tensor) => tensor instanceof Tensor));
	});
}
const locatedErrors = /* @__PURE__ */ new WeakSet();
/** Puts the innermost module's name in front of the message, once. */
function located(error, where) {
	if (!(error instanceof Error) || locatedErrors.has(error)) return error;
	locatedErrors.add(error);
	const { message, stack } = error;
	if (message.includes(where)) return error;
	error.message = `${where}: ${message}`;
	if (stack !== void 0) error.stack = stack.replace(message, () => error.message);
	return error;
}
/** The one program that all arguments belong to. @throws LifetimeError when one of them is from another step */
function programOfArguments(args) {
	let first;
	for (const arg of args) {
		const what = arg instanceof Tensor ? arg : "step";
		const owner = arg instanceof Tensor ? arg.owner : arg?.program;
		if (!(owner instanceof Program)) continue;
		if (first !== void 0 && first.owner !== owner) throw new LifetimeError(`its arguments are from two steps: ${first.what} belongs to program "${first.owner.label}", ${what} to "${owner.label}"; tensors live for one step: keep none in fields`);
		first ??= {
			owner,
			what
		};
	}
	return first?.owner;
}
// src/layers/causal-lm.ts
/** Base class of text-generation models. What the two methods return is checked. */
var CausalLM = class extends Module {
	constructor(prefix) {
		super(prefix);
		const { forward, computeLogits } = this;
		const { vocabSize } = prefix.config;
		const columns = typeof vocabSize === "number" ? vocabRange(vocabSize, prefix.context.parallel).count : void 0;
		const name = this.constructor.name;
		this.forward = (step) => {
			const hidden = forward.call(this, step);
			checkResult(`${name}.forward: hidden states`, hidden, step.inputIds.size(0), void 0, step.program);
			return hidden;
		};
		this.computeLogits = (rows) => {
			const logits = computeLogits.call(this, rows);
			checkResult(`${name}.computeLogits: logits`, logits, rows.size(0), columns, rows.owner);
			return logits;
		};
	}
};
/** @throws ShapeError or LifetimeError unless `result` is what the worker goes on with */
function checkResult(what, result, rows, columns, program) {
	const wanted = `${what} must be [${rows}, ${columns ?? "hiddenSize"}] f32`;
	if (!(result instanceof Tensor)) throw new ShapeError(`${wanted}, got ${String(result)}; does it return a tensor?`);
	if (result.owner !== program) throw new LifetimeError(`${what} are not of this step's program "${program?.label}", but of ${result.owner ? `"${result.owner.label}"` : "none"}: ${result}; tensors live for one step: keep none in fields`);
	const { shape, dtype } = result;
	if (!(shape.length === 2 && shape[0] === rows && (columns === void 0 || shape[1] === columns)) || dtype !== "f32") throw new ShapeError(`${wanted}, got ${result}`);
}
export { checkOneOf as a, shardRange as c, checkNumber as i, vocabRange as l, Module as n, checkSizes as o, Source as r, kvHeadRange as s, CausalLM as t };
