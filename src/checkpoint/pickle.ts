/**
 * Python pickles, protocols 2 to 5, by a closed list of opcodes: plain values, containers, and calls of functions that the caller
 * lists. Nothing is imported or run; every other opcode and global is refused by its name.
 */
import { CheckpointError } from "../util/errors.js";
import { opcodes, refusedNames } from "./pickle-opcodes.js";
import { quote } from "./problems.js";

/** A tuple, to tell it from a list. */
export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A listed Python name, "torch.FloatStorage". `call` builds what Python's callable would; without it the name is only a word. */
export class PickleGlobal {
  readonly name: string;
  readonly call: ((args: readonly PickleValue[]) => PickleValue) | undefined;

  constructor(name: string, call?: (args: readonly PickleValue[]) => PickleValue) {
    this.name = name;
    this.call = call;
  }
}

/** Something that a listed function or the persistent loader made. */
export abstract class PickleObject {
  /** For errors. */
  abstract readonly kind: string;
}

/** What a pickle can hold here: dicts are Maps, lists are arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleTuple
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleObject;

/** What the pickle may ask for. */
export interface PickleHost {
  /** Begins every error: the file. */
  where: string;
  /** The only names that may be used. */
  globals: ReadonlyMap<string, PickleGlobal>;
  /** Gives the object for a persistent id. Throws CheckpointError for one it does not know. */
  persistentLoad(id: PickleValue): PickleValue;
  /** The pickle is refused after so many opcodes; it bounds time and memory. */
  maxOpcodes: number;
}

const maxStack = 1_000_000;

/**
 * Reads one pickle.
 *
 * @throws CheckpointError for an opcode or global that is not listed, a damaged pickle, or one that is unreasonably long
 */
export function readPickle(bytes: Uint8Array, host: PickleHost): PickleValue {
  return new PickleReader(bytes, host).read();
}

/** A pickle machine: a stack, the stacks below each mark, and a memo. */
class PickleReader {
  private readonly host: PickleHost;
  private readonly bytes: Buffer;
  private at = 0;
  private stack: PickleValue[] = [];
  private readonly marked: PickleValue[][] = [];
  private depth = 0;
  private readonly memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array, host: PickleHost) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.host = host;
  }

  read(): PickleValue {
    for (let count = 0; count < this.host.maxOpcodes; count++) {
      const opcode = this.bytes[this.take(1)]!;
      if (opcode === opcodes.stop) return this.pop();
      this.step(opcode);
      if (this.depth + this.stack.length > maxStack) throw this.error(`more than ${maxStack} values on the stack`);
    }
    throw this.error(`more than ${this.host.maxOpcodes} opcodes`);
  }

  private step(opcode: number): void {
    const { stack } = this;
    switch (opcode) {
      case opcodes.none:
        return void stack.push(null);
      case opcodes.newTrue:
        return void stack.push(true);
      case opcodes.newFalse:
        return void stack.push(false);
      case opcodes.binInt:
        return void stack.push(this.bytes.readInt32LE(this.take(4)));
      case opcodes.binInt1:
        return void stack.push(this.bytes[this.take(1)]!);
      case opcodes.binInt2:
        return void stack.push(this.bytes.readUInt16LE(this.take(2)));
      case opcodes.long1:
        return void stack.push(this.long());
      case opcodes.binFloat:
        return void stack.push(this.bytes.readDoubleBE(this.take(8)));
      case opcodes.binUnicode:
        return void stack.push(this.text(this.u32(), "utf8"));
      case opcodes.shortBinUnicode:
        return void stack.push(this.text(this.bytes[this.take(1)]!, "utf8"));
      case opcodes.binUnicode8:
        return void stack.push(this.text(this.u64(), "utf8"));
      case opcodes.binString:
        return void stack.push(this.text(this.u32(), "latin1"));
      case opcodes.shortBinString:
        return void stack.push(this.text(this.bytes[this.take(1)]!, "latin1"));
      case opcodes.emptyList:
        return void stack.push([]);
      case opcodes.emptyDict:
        return void stack.push(new Map());
      case opcodes.emptyTuple:
        return void stack.push(new PickleTuple([]));
      case opcodes.tuple1:
      case opcodes.tuple2:
      case opcodes.tuple3:
        return void stack.push(new PickleTuple(this.popMany(opcode - opcodes.tuple1 + 1)));
      default:
        return this.stepOnStack(opcode);
    }
  }

  /** The opcodes that work on what is on the stack. */
  private stepOnStack(opcode: number): void {
    switch (opcode) {
      case opcodes.mark:
        this.marked.push(this.stack);
        this.depth += this.stack.length + 1;
        this.stack = [];
        return;
      case opcodes.tuple:
        return this.push(new PickleTuple(this.popToMark()));
      case opcodes.pop:
        return void this.pop();
      case opcodes.popMark:
        return void this.popToMark();
      case opcodes.append:
        return this.append(this.popMany(1));
      case opcodes.appends:
        return this.append(this.popToMark());
      case opcodes.setItem:
        return this.setItems(this.popMany(2));
      case opcodes.setItems:
        return this.setItems(this.popToMark());
      case opcodes.binPersId:
        return this.push(this.host.persistentLoad(this.pop()));
      case opcodes.reduce:
        return this.reduce();
      case opcodes.build:
        return this.build();
      case opcodes.global:
        return this.push(this.findGlobal(this.line(), this.line()));
      case opcodes.stackGlobal: {
        const [module, name] = this.popMany(2);
        return this.push(this.findGlobal(module!, name!));
      }
      default:
        return this.stepOnMemo(opcode);
    }
  }

  private stepOnMemo(opcode: number): void {
    switch (opcode) {
      case opcodes.binPut:
        return void this.memo.set(this.bytes[this.take(1)]!, this.top());
      case opcodes.longBinPut:
        return void this.memo.set(this.u32(), this.top());
      case opcodes.memoize:
        return void this.memo.set(this.memo.size, this.top());
      case opcodes.binGet:
        return this.push(this.recall(this.bytes[this.take(1)]!));
      case opcodes.longBinGet:
        return this.push(this.recall(this.u32()));
      case opcodes.frame:
        return void this.u64();
      case opcodes.proto: {
        const version = this.bytes[this.take(1)]!;
        if (version < 2 || version > 5) throw this.error(`protocol ${version}, expected 2 to 5`);
        return;
      }
      default: {
        const name = refusedNames[opcode];
        throw this.error(
          `opcode 0x${opcode.toString(16)}${name === undefined ? "" : ` (${name})`} is refused: only what rebuilds tensors is read`,
        );
      }
    }
  }

  private reduce(): void {
    const [callee, args] = this.popMany(2);
    if (!(callee instanceof PickleGlobal) || callee.call === undefined)
      throw this.error(`a call of ${describe(callee!)} is refused`);
    if (!(args instanceof PickleTuple))
      throw this.error(`${callee.name} is called with ${describe(args!)}, not a tuple`);
    this.push(callee.call(args.items));
  }

  /** Attributes of an ordered dict (torch puts `_metadata` there) are dropped; nothing else may have any. */
  private build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw this.error(`attributes of ${describe(this.top())} are refused`);
  }

  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.error(`appends to ${describe(list)}, not a list`);
    for (const item of items) list.push(item);
  }

  private setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw this.error(`sets items of ${describe(dict)}, not a dict`);
    if (items.length % 2 !== 0) throw this.error("a dict has a key without a value");
    for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
  }

  private findGlobal(module: PickleValue, name: PickleValue): PickleGlobal {
    if (typeof module !== "string" || typeof name !== "string") throw this.error("a global's name is not a string");
    const global = this.host.globals.get(`${module}.${name}`);
    if (global === undefined)
      throw this.error(
        `${quote(`${module}.${name}`)} is refused: a checkpoint may hold tensors and nothing else; take safetensors, or save the state dict alone`,
      );
    return global;
  }

  private recall(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw this.error(`memo ${index} is used before it is set`);
    return value;
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private pop(): PickleValue {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw this.error("a value is taken from an empty stack");
    return value;
  }

  private popMany(count: number): PickleValue[] {
    if (this.stack.length < count) throw this.error("a value is taken from an empty stack");
    return this.stack.splice(this.stack.length - count, count);
  }

  private popToMark(): PickleValue[] {
    const items = this.stack;
    const below = this.marked.pop();
    if (below === undefined) throw this.error("a mark is missing");
    this.stack = below;
    this.depth -= below.length + 1;
    return items;
  }

  /** An integer of up to 8 bytes, two's complement. */
  private long(): number | bigint {
    const length = this.bytes[this.take(1)]!;
    if (length > 8) throw this.error(`an integer of ${length} bytes, expected at most 8`);
    const start = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[start + i]!);
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  private u32(): number {
    return this.bytes.readUInt32LE(this.take(4));
  }

  private u64(): number {
    return Number(this.bytes.readBigUInt64LE(this.take(8)));
  }

  private text(length: number, encoding: "utf8" | "latin1"): string {
    const start = this.take(length);
    return this.bytes.toString(encoding, start, start + length);
  }

  /** Text up to a newline, which is passed. */
  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.error("a name does not end");
    const text = this.text(end - this.at, "utf8");
    this.at = end + 1;
    return text;
  }

  /** Passes `length` bytes; the index of the first. */
  private take(length: number): number {
    const start = this.at;
    if (!(start + length <= this.bytes.length)) throw this.error(`${length} bytes expected, but it ends`);
    this.at = start + length;
    return start;
  }

  private error(what: string): CheckpointError {
    return new CheckpointError(`${this.host.where}: pickle, byte ${this.at}: ${what}`);
  }
}

/** A value's kind, as shown in errors. */
export function describe(value: PickleValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof PickleTuple) return `a tuple of ${value.items.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  return value instanceof PickleGlobal ? value.name : value.kind;
}
