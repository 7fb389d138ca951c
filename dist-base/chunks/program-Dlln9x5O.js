import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { n as numElements } from "./shape-fqbSRAhU.js";
import { n as createStorage, t as Tensor } from "./tensor-JGDOnnfU.js";
import { a as LifetimeError } from "./errors-CjlPyKrT.js";
// src/ops/program.ts
/** Records ops in order. Tensors that it makes belong to it alone; using them in another program throws. */
var Program = class {
	label;
	records = [];
	/** Values that were given a name, by `tap`. */
	taps = [];
	/** The step that is being recorded; layers reach KV caches and attention metadata through it. */
	step;
	scopes = [];
	constructor(label) {
		this.label = label;
	}
	/** Name of the module that is recording. */
	get scope() {
		return this.scopes[this.scopes.length - 1] ?? "";
	}
	enter(scope) {
		this.scopes.push(scope);
	}
	leave() {
		this.scopes.pop();
	}
	/** A value that is written from outside before each run, at a fixed address: token ids, positions, block tables. */
	input(label, shape, dtype, address) {
		return new Tensor(createStorage("external", numElements(shape) * dtypeBytes[dtype], label, address), shape, dtype, this);
	}
	/**
	* Appends one record and returns its outputs, dense tensors of this program.
	* @throws LifetimeError if an input belongs to another program
	*/
	record(op, inputs, outputs, attributes = {}, custom) {
		for (const input of inputs) if (input.owner !== void 0 && input.owner !== this) throw new LifetimeError(`${op} in ${this.scope || this.label}: ${input} belongs to program "${input.owner.label}", not to "${this.label}"; step tensors live for one step: keep none in fields`);
		const made = outputs.map(({ shape, dtype }) => new Tensor(createStorage("step", numElements(shape) * dtypeBytes[dtype], op), shape, dtype, this));
		this.records.push({
			op,
			inputs,
			outputs: made,
			attributes,
			scope: this.scope,
			custom
		});
		return made;
	}
	/**
	* Makes the value of `tensor` land at a fixed address, to be read after the run or by a following program.
	* Must be a whole dense tensor that an op of this program made.
	*/
	output(tensor, address) {
		if (tensor.owner !== this || tensor.storage.kind !== "step" || !tensor.isDense || tensor.bytes !== tensor.storage.bytes) throw new LifetimeError(`output of "${this.label}": ${tensor} is not a whole tensor made by an op of this program`);
		tensor.storage.address = address;
	}
};
/** The program of the first of `tensors` that has one. @throws LifetimeError if none has */
function programOf(op, ...tensors) {
	for (const tensor of tensors) if (tensor.owner instanceof Program) return tensor.owner;
	throw new LifetimeError(`${op}: none of its inputs belongs to a program; ops take at least one tensor of the step`);
}
export { programOf as n, Program as t };
