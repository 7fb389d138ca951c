/** The sampler: puts each step's sampling metadata into platform memory, records the op, and reads the results. */
import type { LogprobsMode, SamplingMetadata, SamplingOutputs } from "../ops/sample.js";
import { numSampleFloats, numSampleInts, sample, sampleFloats, sampleInts, sampleStatus } from "../ops/sample.js";
import type { TopLogprobs } from "../request/model-runner-output.js";
import type { DType } from "../tensor/dtype.js";
import { createStorage, Tensor } from "../tensor/tensor.js";
import type { Shape } from "../tensor/shape.js";
import { isGreedy } from "../request/sampling-params.js";
import { banBadWords } from "./bad-words.js";
import { ListBuffer } from "./list-buffer.js";
import { toTopLogprobs } from "./logprobs.js";
import type { SamplingState } from "./sampling-state.js";

/** What the sampler needs of a platform. */
export interface SamplerMemory {
  allocate(bytes: number, label: string): number;
  free(address: number): void;
  write(address: number, bytes: Uint8Array): void;
  read(address: number, target: Uint8Array): void;
}

/** One row of logits. */
export interface SamplingRow {
  readonly state: SamplingState;
  /** The request's output so far; its length numbers the draw. */
  readonly outputTokenIds: readonly number[];
  /** Top log-probabilities wanted; 0: only the token's own; -1: none. See resolveNumLogprobs. */
  readonly numLogprobs: number;
  /** Tokens whose log-probabilities are wanted in place of the likeliest ones'. */
  readonly logprobTokenIds?: Int32Array | null;
  /** A prompt's next token, whose raw log-probabilities are wanted: nothing is sampled. */
  readonly forcedTokenId?: number;
  /** Which tokens may come, bit i % 32 of word i / 32: [ceil(vocabSize / 32)]. Undefined: any. */
  readonly mask?: Int32Array | undefined;
  /** What was done to the logits already: "lists": mask, allowed and banned ids, bias; "draw": penalties, temperature and min-p too. */
  readonly applied?: "lists" | "draw";
}

export interface SampledRow {
  /** The sampled token, or the given one. */
  readonly tokenId: number;
  readonly logprobs: TopLogprobs | null;
  /** Why the request of this row must end; then the other fields mean nothing. */
  readonly error: string | null;
}

const errorOfStatus: Readonly<Record<number, string>> = {
  [sampleStatus.notFinite]: "the model's logits contain NaN or infinity; its weights or this dtype may be at fault",
  [sampleStatus.nothingLeft]:
    "no token is left to sample: structured outputs, allowed_token_ids, bad_words and min_tokens together forbid every token",
};

const resultNames = ["tokenIds", "ranks", "statuses", "logprobs"] as const;

/** One per worker. Each step: prepare(rows), run the program that record() was called for, collect(). */
export class Sampler {
  private readonly memory: SamplerMemory;
  private readonly vocabSize: number;
  private readonly logprobsMode: LogprobsMode;
  private generation = 0;
  private addresses: number[] = [];
  private readonly outgrown: number[] = [];
  private maxRows = 0;
  private listCapacity = 0;
  private topCapacity = 0;
  private metadata!: SamplingMetadata;
  private outputs!: SamplingOutputs;
  private ints = new Int32Array(0);
  private floats = new Float32Array(0);
  private readonly lists = new ListBuffer();
  private rows: readonly SamplingRow[] = [];

  /** @throws ResourceError when there is no memory for maxRows rows */
  constructor(memory: SamplerMemory, options: { maxRows: number; vocabSize: number; logprobsMode?: LogprobsMode }) {
    this.memory = memory;
    this.vocabSize = options.vocabSize;
    this.logprobsMode = options.logprobsMode ?? "raw_logprobs";
    this.reserve(Math.max(options.maxRows, 1), 1024, 1024);
  }

  /**
   * Writes the metadata of a step; row i is for row i of the logits.
   *
   * @param to the platform, or what the step's run will bring there
   * @returns generation: changes when buffers moved; programs that were recorded before it must not run any more
   * @throws ResourceError when a buffer has to grow and there is no memory; the sampler stays usable
   */
  prepare(rows: readonly SamplingRow[], to: Pick<SamplerMemory, "write"> = this.memory): { generation: number } {
    let numTop = 0;
    for (const row of rows) numTop += this.numTopOf(row);
    if (rows.length > this.maxRows || numTop > this.topCapacity) this.grow(rows.length, 0, numTop);
    this.rows = rows;
    this.lists.clear();
    numTop = 0;
    for (let i = 0; i < rows.length; i++) {
      this.writeRow(i, rows[i]!, numTop);
      numTop += this.numTopOf(rows[i]!);
    }
    if (this.lists.length > this.listCapacity) this.grow(0, this.lists.length, 0);
    const { ints, floats, lists } = this.metadata;
    to.write(addressOf(ints), bytesOf(this.ints, 0, rows.length * numSampleInts));
    to.write(addressOf(floats), bytesOf(this.floats, 0, rows.length * numSampleFloats));
    if (this.lists.length > 0) to.write(addressOf(lists), bytesOf(this.lists.words, 0, this.lists.length));
    return { generation: this.generation };
  }

  /**
   * Records the op for logits [numRows, vocabSize] f32, numRows at most the rows prepared last.
   * @throws ShapeError if the logits have another shape
   */
  record(logits: Tensor): void {
    sample(logits, this.metadata, this.outputs, this.logprobsMode);
  }

  /** Results of the rows prepared last, after the program ran. */
  collect(): SampledRow[] {
    const reads: [address: number, bytes: number][] = [];
    let total = 0;
    const decode = this.expectResults((address, bytes) => {
      reads.push([address, bytes]);
      total += bytes;
      return total - bytes;
    });
    const results = new Uint8Array(total);
    let start = 0;
    for (const [address, bytes] of reads) this.memory.read(address, results.subarray(start, (start += bytes)));
    return decode(results);
  }

  /**
   * Lets a run take the results of the rows prepared last along.
   *
   * @param read asks for bytes of memory, and says where in the run's results they will begin
   * @returns    gives the rows, once there are results
   */
  expectResults(read: (address: number, bytes: number) => number): (results: Uint8Array) => SampledRow[] {
    const { rows } = this;
    if (rows.length === 0) return () => [];
    let numTop = 0;
    for (const row of rows) numTop += this.numTopOf(row);
    const bytes = 4 * rows.length;
    const { tokenIds, statuses, ranks, logprobs: values } = this.outputs;
    const reports = rows.some(({ numLogprobs }) => numLogprobs >= 0);
    const tokensAt = read(addressOf(tokenIds), bytes);
    const statusesAt = read(addressOf(statuses), bytes);
    const ranksAt = reports ? read(addressOf(ranks), bytes) : 0;
    const logprobsAt = reports ? read(addressOf(values), bytes) : 0;
    const topIdsAt = numTop > 0 ? read(addressOf(this.outputs.topTokenIds), 4 * numTop) : 0;
    const topLogprobsAt = numTop > 0 ? read(addressOf(this.outputs.topLogprobs), 4 * numTop) : 0;
    return ({ buffer, byteOffset }) => {
      const words = new Int32Array(buffer, byteOffset);
      const floats = new Float32Array(buffer, byteOffset);
      let next = 0;
      return rows.map((row, i) => {
        const first = next;
        next += this.numTopOf(row);
        const tokenId = words[tokensAt / 4 + i]!;
        const error = errorOfStatus[words[statusesAt / 4 + i]!] ?? null;
        if (row.numLogprobs < 0 || error !== null) return { tokenId, logprobs: null, error };
        const ids = words.subarray(topIdsAt / 4 + first, topIdsAt / 4 + next);
        const tops = floats.subarray(topLogprobsAt / 4 + first, topLogprobsAt / 4 + next);
        const [logprob, rank] = [floats[logprobsAt / 4 + i]!, words[ranksAt / 4 + i]!];
        return { tokenId, logprobs: toTopLogprobs(tokenId, logprob, rank, ids, tops), error };
      });
    };
  }

  /** Whether log-probabilities are those of the model's own logits, before anything else is done to them. */
  get reportsRaw(): boolean {
    return this.logprobsMode.startsWith("raw");
  }

  /** [maxRows] i32: the sampled tokens where the op leaves them, for a program that goes on with them. */
  get tokenIds(): Tensor {
    return this.outputs.tokenIds;
  }

  /** Frees buffers that were outgrown; to be called when no run that knows them is under way. */
  freeOutgrown(): void {
    for (const address of this.outgrown.splice(0)) this.memory.free(address);
  }

  dispose(): void {
    this.freeOutgrown();
    for (const address of this.addresses) this.memory.free(address);
    this.addresses = [];
  }

  /** Entries of the row in topTokenIds and topLogprobs. */
  private numTopOf({ numLogprobs, logprobTokenIds: given }: SamplingRow): number {
    if (given) return numLogprobs < 0 ? 0 : given.length;
    return Math.min(Math.max(numLogprobs, 0), this.vocabSize);
  }

  private writeRow(i: number, row: SamplingRow, topStart: number): void {
    const ints = this.ints.subarray(i * numSampleInts, (i + 1) * numSampleInts).fill(0);
    const floats = this.floats.subarray(i * numSampleFloats, (i + 1) * numSampleFloats);
    const given = row.numLogprobs < 0 ? null : row.logprobTokenIds;
    ints[sampleInts.numLogprobs] = row.numLogprobs < 0 ? -1 : given ? -1 - given.length : this.numTopOf(row);
    ints[sampleInts.topStart] = topStart;
    ints[sampleInts.forcedTokenId] = row.forcedTokenId ?? -1;
    ints[sampleInts.allowedCount] = -1;
    if (row.forcedTokenId === undefined) this.writeDraw(ints, floats, row);
    if (!given) return;
    // They are looked for behind the penalties, which were written last.
    if (ints[sampleInts.penaltyCount] === 0) ints[sampleInts.penaltyStart] = this.lists.length;
    this.lists.append(given);
  }

  /** What a row needs that is not given its token. */
  private writeDraw(ints: Int32Array, floats: Float32Array, row: SamplingRow): void {
    const { params, seedLow, seedHigh } = row.state;
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
    if (row.applied === undefined) this.writeLists(ints, row);
    this.writePenalties(ints, row);
  }

  /** Appends the row's lists, and puts their places into `ints`. */
  private writeLists(ints: Int32Array, { state, outputTokenIds, mask }: SamplingRow): void {
    const { params, allowedTokenIds, bias, stopTokenIds } = state;
    const { lists } = this;
    if (mask !== undefined) ints[sampleInts.maskEntry] = 1 + lists.append(mask);
    if (allowedTokenIds !== null) {
      ints[sampleInts.allowedStart] = lists.append(allowedTokenIds);
      ints[sampleInts.allowedCount] = allowedTokenIds.length;
    }
    const bannedStart = lists.length;
    if (stopTokenIds.length > 0 && outputTokenIds.length < params.minTokens) lists.append(stopTokenIds);
    if (params.badWordsTokenIds.length > 0)
      banBadWords(params.badWordsTokenIds, outputTokenIds, (id) => lists.push(id));
    ints[sampleInts.bannedStart] = bannedStart;
    ints[sampleInts.bannedCount] = lists.length - bannedStart;
    if (bias.length > 0) {
      ints[sampleInts.biasStart] = lists.append(bias);
      ints[sampleInts.biasCount] = bias.length / 2;
    }
  }

  private writePenalties(ints: Int32Array, { state: { penaltyCounts }, outputTokenIds }: SamplingRow): void {
    if (penaltyCounts === null) return;
    penaltyCounts.update(outputTokenIds);
    ints[sampleInts.penaltyStart] = this.lists.append(penaltyCounts.entries);
    ints[sampleInts.penaltyCount] = penaltyCounts.entries.length / 2;
  }

  /** Makes the buffers at least this large, doubling those that are too small. */
  private grow(numRows: number, numListWords: number, numTop: number): void {
    const enough = (capacity: number, wanted: number): number =>
      wanted <= capacity ? capacity : Math.max(wanted, 2 * capacity);
    this.reserve(
      enough(this.maxRows, numRows),
      enough(this.listCapacity, numListWords),
      enough(this.topCapacity, numTop),
    );
  }

  /** Moves to buffers of these sizes. */
  private reserve(maxRows: number, listCapacity: number, topCapacity: number): void {
    const addresses: number[] = [];
    const place = (bytes: number, label: string): number => {
      const address = this.memory.allocate(bytes, label);
      addresses.push(address);
      return address;
    };
    const tensor = (label: string, shape: Shape, dtype: DType, address?: number): Tensor => {
      const bytes = 4 * shape.reduce((product, size) => product * size, 1);
      const label_ = `sampler ${label}`;
      return new Tensor(createStorage("external", bytes, label_, address ?? place(bytes, label_)), shape, dtype);
    };
    try {
      const metadata = {
        ints: tensor("ints", [maxRows, numSampleInts], "i32"),
        floats: tensor("floats", [maxRows, numSampleFloats], "f32"),
        lists: tensor("lists", [listCapacity], "i32"),
      };
      // tokenIds, ranks, statuses, logprobs side by side, so that one read gets them all.
      const start = place(4 * resultNames.length * maxRows, "sampler results");
      const [tokenIds, ranks, statuses, logprobs] = resultNames.map((name, i) =>
        tensor(name, [maxRows], name === "logprobs" ? "f32" : "i32", start + 4 * i * maxRows),
      ) as [Tensor, Tensor, Tensor, Tensor];
      const topTokenIds = tensor("topTokenIds", [topCapacity], "i32");
      const topLogprobs = tensor("topLogprobs", [topCapacity], "f32");
      this.outputs = { tokenIds, ranks, statuses, logprobs, topTokenIds, topLogprobs };
      this.metadata = metadata;
    } catch (error) {
      for (const address of addresses) this.memory.free(address);
      throw error;
    }
    this.outgrown.push(...this.addresses);
    this.addresses = addresses;
    Object.assign(this, { maxRows, listCapacity, topCapacity });
    this.generation++;
    this.ints = resized(this.ints, new Int32Array(maxRows * numSampleInts));
    this.floats = resized(this.floats, new Float32Array(maxRows * numSampleFloats));
  }
}

function addressOf({ storage }: Tensor): number {
  return storage.address!;
}

/** The larger array with the smaller one's values. */
function resized<T extends Int32Array | Float32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

function bytesOf(words: Int32Array | Float32Array, start: number, end: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset + 4 * start, 4 * (end - start));
}
