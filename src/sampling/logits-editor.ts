/** Lets logits processors from outside change the rows of a step, in the order of vLLM's pipeline. */
import type {
  LogitsFunction,
  LogitsProcessor,
  LogitsProcessorDefinition,
  LogitsRequest,
} from "../request/logits-processor.js";
import { logitsProcessors } from "../request/logits-processor.js";
import { isGreedy } from "../request/sampling-params.js";
import { messageOf } from "../util/text.js";
import { applyDraw, applyLists } from "./apply-lists.js";
import type { SamplingRow } from "./sampler.js";

/** A processor with those of its requests that it was not told of yet. */
interface Running {
  readonly name: string;
  readonly isArgmaxInvariant: boolean;
  readonly processor: LogitsProcessor;
  added: LogitsRequest[];
  removed: string[];
}

interface Edited {
  readonly request: LogitsRequest;
  readonly running: readonly Running[];
  readonly functions: readonly LogitsFunction[];
}

/** A row that is to be sampled, in memory of JavaScript. */
export interface EditableRow {
  readonly requestId: string;
  readonly row: SamplingRow;
  /** [vocabSize], changed in place. */
  readonly logits: Float32Array;
}

/** What the sampler must leave out for a row, as it was done here. */
export type AppliedStages = NonNullable<SamplingRow["applied"]>;

/** One per worker. */
export class LogitsEditor {
  private readonly vocabSize: number;
  private readonly running = new Map<LogitsProcessorDefinition, Running>();
  private readonly requests = new Map<string, Edited>();

  constructor(vocabSize: number) {
    this.vocabSize = vocabSize;
  }

  /** A request that comes. Costs nothing where no processor touches it. */
  add(request: LogitsRequest): void {
    const chosen = request.params.logitsProcessors;
    const running: Running[] = [];
    for (const [name, definition] of logitsProcessors())
      if (definition.appliesTo === "all" || chosen.includes(name)) {
        const one = this.start(name, definition);
        if (!one.isArgmaxInvariant || !isGreedy(request.params)) running.push(one);
      }
    const functions = chosen.filter((one) => typeof one === "function");
    if (running.length === 0 && functions.length === 0) return;
    for (const one of running) one.added.push(request);
    this.requests.set(request.requestId, { request, running, functions });
  }

  remove(requestId: string): void {
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
  touches(requestId: string): boolean {
    return this.requests.has(requestId);
  }

  /** Changes rows of requests that it touches; returns for each the stages that are done, or an error that ends its request. */
  edit(rows: readonly EditableRow[]): (AppliedStages | Error)[] {
    const failed = new Map<EditableRow, Error>();
    const ofRow = (row: EditableRow): Edited => this.requests.get(row.requestId)!;
    for (const { row, logits } of rows) applyLists(logits, row);
    this.applyAll(rows, ofRow, false, failed);
    for (const row of rows)
      for (const change of ofRow(row).functions)
        if (!failed.has(row)) this.applyFunction(change, row, ofRow(row).request, failed);
    const drawn = rows.filter((row) => ofRow(row).running.some((one) => one.isArgmaxInvariant));
    for (const { row, logits } of drawn) applyDraw(logits, row);
    this.applyAll(drawn, ofRow, true, failed);
    return rows.map((row) => failed.get(row) ?? (drawn.includes(row) ? "draw" : "lists"));
  }

  private start(name: string, definition: LogitsProcessorDefinition): Running {
    let one = this.running.get(definition);
    if (!one) {
      const processor = "create" in definition ? definition.create({ vocabSize: this.vocabSize }) : definition;
      one = { name, isArgmaxInvariant: definition.isArgmaxInvariant === true, processor, added: [], removed: [] };
      this.running.set(definition, one);
    }
    return one;
  }

  /** Processors of one kind, in the order in which they were registered. */
  private applyAll(
    rows: readonly EditableRow[],
    ofRow: (row: EditableRow) => Edited,
    isArgmaxInvariant: boolean,
    failed: Map<EditableRow, Error>,
  ): void {
    for (const definition of logitsProcessors().values()) {
      const one = this.running.get(definition);
      if (!one || one.isArgmaxInvariant !== isArgmaxInvariant) continue;
      const its = rows.filter((row) => ofRow(row).running.includes(one) && !failed.has(row));
      if (its.length === 0) continue;
      try {
        const { added, removed } = one;
        [one.added, one.removed] = [[], []];
        if (added.length > 0 || removed.length > 0) one.processor.updateState?.({ added, removed });
        one.processor.apply(
          its.map(({ logits }) => logits),
          its.map((row) => ofRow(row).request),
        );
      } catch (cause) {
        const error = new Error(`logits processor ${one.name} failed: ${messageOf(cause)}`, { cause });
        for (const row of its) failed.set(row, error);
      }
    }
  }

  private applyFunction(
    change: LogitsFunction,
    row: EditableRow,
    request: LogitsRequest,
    failed: Map<EditableRow, Error>,
  ): void {
    const { logits } = row;
    try {
      const returned = change(request.outputTokenIds, logits, request.promptTokenIds);
      if (returned === undefined || returned === logits) return;
      if (!(returned instanceof Float32Array) || returned.length !== logits.length)
        throw new Error(`it must return nothing, or a Float32Array of ${logits.length} logits`);
      logits.set(returned);
    } catch (cause) {
      failed.set(row, new Error(`a function in logitsProcessors failed: ${messageOf(cause)}`, { cause }));
    }
  }
}
