/** What the lowering of one program knows: who reads what, and which activations are packed already. */
import type { OpRecord, RecordedProgram } from "../../platform.js";
import type { Storage, Tensor } from "../../../tensor/tensor.js";
import { evenColumns, kernelDType } from "../matrix-layout.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { place, temporary, view, whole } from "./lowered-op.js";

export class LoweringContext {
  readonly records: readonly OpRecord[];
  readonly threads: number;
  private readonly readersOf = new Map<number, number[]>();
  private readonly packed = new Map<string, Storage>();
  private readonly made = new Map<string, Storage>();

  constructor(program: RecordedProgram, threads: number) {
    this.records = program.records;
    this.threads = threads;
    program.records.forEach((record, i) => {
      for (const { storage } of record.inputs) {
        const readers = this.readersOf.get(storage.id);
        if (readers) readers.push(i);
        else this.readersOf.set(storage.id, [i]);
      }
    });
  }

  /** Indexes of the records that read anything of the tensor's storage, ascending. */
  readers(tensor: Tensor): readonly number[] {
    return this.readersOf.get(tensor.storage.id) ?? [];
  }

  /**
   * The seven arguments of a linear record's product (packed, isBf16, numTokens, weight, dtype, rows, columns), and the op
   * that packs its input, unless something packed it before.
   */
  product(record: OpRecord): { pack: LoweredOp[]; product: Argument[] } {
    const [x, weight] = record.inputs as [Tensor, Tensor];
    const isBf16 = packsAsBf16(record);
    const pack: LoweredOp[] = [];
    let storage = this.packed.get(packedKey(x, isBf16));
    if (!storage) {
      storage = this.declarePacked(x, isBf16);
      const args = [...view(x), whole(storage), Number(isBf16)];
      pack.push({ kernel: "packActivations", args, records: [record], helps: true });
    }
    const dtype = kernelDType(weight.dtype);
    const product = [whole(storage), Number(isBf16), x.size(0), place(weight), dtype, weight.size(0), weight.size(1)];
    return { pack, product };
  }

  /** Room for the packed form of x; products that come later will read it, so the caller must fill it. */
  declarePacked(x: Tensor, isBf16: boolean): Storage {
    const storage = temporary(packedBytes(x.size(0), x.size(1)), "packed activations");
    this.packed.set(packedKey(x, isBf16), storage);
    return storage;
  }

  /** What `make` gave when it was first asked for under this key: working memory that several records use. */
  shared(key: string, make: () => Storage): Storage {
    const known = this.made.get(key);
    if (known) return known;
    const storage = make();
    this.made.set(key, storage);
    return storage;
  }

  /**
   * How linear layers that take x whole want it packed (true: bf16); undefined if there are none, or they disagree.
   */
  packedFor(x: Tensor): boolean | undefined {
    const forms = this.readers(x).map((i) => this.packedBy(this.records[i]!, x));
    const wanted = new Set(forms.filter((form) => form !== undefined));
    return wanted.size === 1 ? [...wanted][0] : undefined;
  }

  /** As packedFor(), and nothing else reads x, so that x itself need not exist. */
  packedAloneAs(x: Tensor): boolean | undefined {
    if (x.storage.address !== undefined) return undefined;
    const everyoneTakesPacked = this.readers(x).every((i) => this.packedBy(this.records[i]!, x) !== undefined);
    return everyoneTakesPacked ? this.packedFor(x) : undefined;
  }

  private packedBy(record: OpRecord, x: Tensor): boolean | undefined {
    if (!isLinear(record) || packedKey(record.inputs[0]!, true) !== packedKey(x, true)) return undefined;
    return packsAsBf16(record);
  }
}

/** Bytes of packed activations (native/cpu/packed.h), in the largest of their forms. */
export function packedBytes(numRows: number, columns: number): number {
  return numRows * evenColumns(columns) * 4;
}

export function isLinear(record: OpRecord): boolean {
  return record.op === "linear" || record.op === "linearInt8";
}

/** Whether a linear record rounds its input to bf16. */
export function packsAsBf16(record: OpRecord): boolean {
  return record.op === "linear" ? record.inputs[1]!.dtype === "bf16" : record.attributes["activation"] === "bf16";
}

/** Equal for tensors that are the same elements in the same order. */
function packedKey(x: Tensor, isBf16: boolean): string {
  return [x.storage.id, x.offset, ...x.shape, "|", ...x.strides, isBf16].join(" ");
}
