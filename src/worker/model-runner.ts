/** Runs steps of one model: takes up the scheduler's changes, gathers the batch, runs the programs, reads the samples. */
import type { SequenceLengths } from "../ops/cost.js";
import { copy } from "../ops/copy.js";
import { gatherRows } from "../ops/gather-rows.js";
import { Program } from "../ops/program.js";
import type { CausalLM } from "../layers/causal-lm.js";
import type { CompiledProgram, Platform } from "../platform/platform.js";
import type { MemoryWriter } from "../platform/run-transfers.js";
import { RunTransfers } from "../platform/run-transfers.js";
import type { ModelRunnerOutput, PromptLogprobs, TopLogprobs } from "../request/model-runner-output.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { TokenMasks } from "../request/token-masks.js";
import type { WorkerProfile } from "../request/step-profile.js";
import { reachesLastToken } from "../request/scheduler-output.js";
import { samplingNeedsTokens } from "../request/sampling-params.js";
import { resolveNumLogprobs } from "../sampling/logprobs.js";
import type { Sampler, SampledRow, SamplingRow } from "../sampling/sampler.js";
import { LogitsEditor } from "../sampling/logits-editor.js";
import { createStorage, Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import type { LayerCaches } from "./layer-caches.js";
import { EditedLogits } from "./edited-logits.js";
import { ProgramCache } from "./program-cache.js";
import { RequestState } from "./request-state.js";
import { StepMeter } from "./step-meter.js";
import { StepTurn } from "./step-turn.js";
import type { StepBuffers } from "./step-buffers.js";

/** Rows whose logits are computed at once: bounds their memory when many prompt positions are wanted. */
export const logitsChunk = 64;
const cachedPrograms = 64;

export interface ModelRunnerParts {
  readonly platform: Platform;
  readonly model: CausalLM;
  readonly buffers: StepBuffers;
  readonly sampler: Sampler;
  readonly caches: LayerCaches;
  readonly vocabSize: number;
  /** Where the hidden states of a step lie: [maxNumTokens, hiddenSize] f32. */
  readonly hidden: { readonly address: number; readonly size: number; readonly maxNumTokens: number };
  readonly maxLogitsRows: number;
}

/** A row of the hidden states whose logits are wanted, and by whom. */
interface WantedRow extends SamplingRow {
  readonly requestId: string;
  readonly hiddenRow: number;
  readonly request: RequestState;
  /** Prompt position whose log-probability this is; undefined: the row samples. */
  readonly promptPosition?: number;
  /** Of a row that samples: where its token is expected in the output; undefined: it will be appended. */
  outputIndex?: number;
}

/** How a step is asked for, and its place between others. */
interface StepCall {
  readonly measure: boolean;
  readonly masks: Promise<TokenMasks> | undefined;
  readonly before: StepTurn;
  readonly turn: StepTurn;
}

/** A step on its way. */
interface StepWork {
  readonly transfers: RunTransfers;
  readonly turn: StepTurn;
  readonly meter: StepMeter | undefined;
  readonly output: Omit<Required<ModelRunnerOutput>, "nativeMs" | "nativeEndMs"> & {
    nativeMs: number;
    nativeEndMs: number;
  };
}

export class ModelRunner {
  private readonly parts: ModelRunnerParts;
  private readonly requests = new Map<string, RequestState>();
  private readonly forwardPrograms = new ProgramCache(cachedPrograms);
  private readonly logitsPrograms = new ProgramCache(cachedPrograms);
  private readonly editor: LogitsEditor;
  private readonly edited: EditedLogits;
  private generation = -1;
  /** Of the step that is being prepared, if it is measured. */
  private meter: StepMeter | undefined;
  /** Measured steps that ended and whose profile nobody took. */
  private readonly profiles: StepMeter[] = [];
  /** The step that came last. */
  private latest = new StepTurn();
  /** Of the step under way and of the one that is prepared meanwhile. */
  private readonly transfers = [new RunTransfers(), new RunTransfers()];
  private numPrepared = 0;

  constructor(parts: ModelRunnerParts) {
    this.parts = parts;
    const { platform, sampler, vocabSize } = parts;
    this.latest.end();
    this.editor = new LogitsEditor(vocabSize);
    this.edited = new EditedLogits({
      platform,
      sampler,
      vocabSize,
      editor: this.editor,
      logits: (program, numRows) => this.recordLogits(program, numRows),
      run: (programs) => this.meter?.run(platform, programs) ?? platform.run(programs),
    });
  }

  /** Records and compiles the smallest logits: what is wrong with a model's head shows at the start. @throws ShapeError and others */
  warmUp(): void {
    this.generation = this.parts.sampler.prepare([]).generation;
    this.logitsPrograms.get(1, () => this.compileLogits(1));
  }

  /** How many steps may be under way. */
  get maxSteps(): number {
    return Math.min(2, this.parts.platform.maxRuns ?? 1);
  }

  /**
   * Called again only while fewer than `maxSteps` steps are under way. A step is prepared at once if it can be, and its run waits
   * behind that of the step before; tokens that only that one knows are taken from where it leaves them.
   *
   * @param measure keeps a profile of the step for takeProfile()
   * @param masks   which tokens may be sampled; awaited when the hidden states are there
   * @throws QuireError when a kernel fails
   */
  async execute(step: SchedulerOutput, measure = false, masks?: Promise<TokenMasks>): Promise<ModelRunnerOutput> {
    const before = this.latest;
    const turn = (this.latest = new StepTurn());
    try {
      if (!before.isQueued) await before.untilQueued();
      return await this.runStep(step, { measure, masks, before, turn });
    } finally {
      turn.end();
    }
  }

  private async runStep(step: SchedulerOutput, { measure, masks, before, turn }: StepCall): Promise<ModelRunnerOutput> {
    const output = {
      sampledTokenIds: new Map<string, number[]>(),
      logprobs: new Map<string, TopLogprobs[]>(),
      promptLogprobs: new Map<string, PromptLogprobs>(),
      errors: new Map<string, string>(),
      nativeMs: 0,
      nativeEndMs: performance.now(),
    };
    const startMs = measure ? performance.now() : 0;
    this.takeUp(step);
    const meter = (this.meter = measure ? new StepMeter(this.sequenceLengths(step), startMs) : undefined);
    if (step.totalNumScheduledTokens > 0) {
      if (!before.isEnded && this.needsTokens(step)) {
        meter?.enter(undefined);
        await before.untilEnded();
        meter?.enter("prepare");
      }
      if (before.isEnded) this.parts.sampler.freeOutgrown();
      const transfers = this.transfers[this.numPrepared++ % 2]!;
      transfers.reset();
      const wanted = this.fillBuffers(step, transfers);
      const forward = this.forwardProgram(step.totalNumScheduledTokens);
      const isWhole = masks === undefined && this.goesInOneRun(forward, wanted);
      if (isWhole) await this.runAtOnce(forward, wanted, { transfers, turn, meter, output });
      else {
        meter?.enter(undefined);
        await before.untilEnded();
        meter?.enter("prepare");
        transfers.bring(this.parts.platform);
        await this.runInPieces(forward, wanted, output, masks);
      }
    }
    meter?.enter(undefined);
    if (meter) this.profiles.push(meter);
    return output;
  }

  /** Forward, logits and sampler in one run, which may wait behind the one before. */
  private async runAtOnce(
    forward: CompiledProgram,
    wanted: readonly WantedRow[],
    { transfers, turn, meter, output }: StepWork,
  ): Promise<void> {
    const { platform, sampler } = this.parts;
    const programs = wanted.length > 0 ? [forward, this.prepareLogits(wanted, transfers)] : [forward];
    const rowsOf = wanted.length > 0 ? sampler.expectResults((at, bytes) => transfers.read(at, bytes)) : undefined;
    const running = meter?.run(platform, programs, transfers) ?? platform.run(programs, transfers);
    const tokenIdsAt = sampler.tokenIds.storage.address!;
    wanted.forEach((row, i) => {
      if (row.promptPosition === undefined) row.outputIndex = row.request.expect(tokenIdsAt + 4 * i);
    });
    turn.queue();
    const times = await running;
    output.nativeMs = times.endMs - times.startMs;
    output.nativeEndMs = times.endMs;
    if (rowsOf) distribute(wanted, rowsOf(transfers.results), output);
  }

  /** Logits in chunks, with masks, or with TypeScript between them and the sampler; nothing else is under way. */
  private async runInPieces(
    forward: CompiledProgram,
    wanted: readonly WantedRow[],
    output: StepWork["output"],
    masks: Promise<TokenMasks> | undefined,
  ): Promise<void> {
    const { platform, sampler, buffers, maxLogitsRows } = this.parts;
    if (masks !== undefined) {
      await this.run([forward], output);
      wanted = withMasks(wanted, await masks);
    }
    for (let start = 0; start === 0 || start < wanted.length; start += maxLogitsRows) {
      const rows = wanted.slice(start, start + maxLogitsRows);
      const programs = start === 0 && masks === undefined ? [forward] : [];
      if (this.edited.concerns(rows)) {
        buffers.fillLogitsRows(
          rows.map(({ hiddenRow }) => hiddenRow),
          platform,
        );
        const from = performance.now();
        distribute(rows, await this.edited.sample(programs, rows), output);
        output.nativeEndMs = performance.now();
        output.nativeMs += output.nativeEndMs - from;
        continue;
      }
      if (rows.length > 0) programs.push(this.prepareLogits(rows, platform));
      if (programs.length > 0) await this.run(programs, output);
      if (rows.length > 0) distribute(rows, sampler.collect(), output);
    }
  }

  private async run(programs: readonly CompiledProgram[], output: StepWork["output"]): Promise<void> {
    const { platform } = this.parts;
    const times = await (this.meter?.run(platform, programs) ?? platform.run(programs));
    output.nativeMs += times.endMs - times.startMs;
    output.nativeEndMs = times.endMs;
  }

  private goesInOneRun(forward: CompiledProgram, wanted: readonly WantedRow[]): boolean {
    return wanted.length <= this.parts.maxLogitsRows && forward.needsHost !== true && !this.edited.concerns(wanted);
  }

  /** Whether a request of the step lacks a token here that its sampling looks at. */
  private needsTokens(step: SchedulerOutput): boolean {
    for (const id of step.numScheduledTokens.keys()) {
      const request = this.requests.get(id)!;
      if (request.pendingTokenAt === undefined) continue;
      if (samplingNeedsTokens(request.params) || this.editor.touches(id)) return true;
    }
    return false;
  }

  /** The profile of the earliest measured step that was not asked for yet; undefined if there is none. */
  takeProfile(): WorkerProfile | undefined {
    return this.profiles.shift()?.profile();
  }

  dispose(): void {
    this.forwardPrograms.clear();
    this.logitsPrograms.clear();
    this.edited.dispose();
    this.parts.sampler.dispose();
  }

  private sequenceLengths(step: SchedulerOutput): SequenceLengths[] {
    return Array.from(step.numScheduledTokens, ([id, numTokens]) => ({
      numTokens,
      seqLen: this.requests.get(id)!.numComputedTokens + numTokens,
    }));
  }

  private takeUp(step: SchedulerOutput): void {
    for (const id of [...step.finishedRequestIds, ...step.preemptedRequestIds]) {
      this.requests.delete(id);
      this.editor.remove(id);
    }
    for (const data of step.scheduledNewRequests) {
      const request = new RequestState(data);
      this.requests.set(data.requestId, request);
      this.editor.add(request);
    }
    for (const data of step.scheduledCachedRequests) this.requests.get(data.requestId)!.update(data);
  }

  /** Gathers the step's tokens; returns the rows whose logits are wanted. */
  private fillBuffers(step: SchedulerOutput, transfers: RunTransfers): WantedRow[] {
    const wanted: WantedRow[] = [];
    const seqs = [];
    let firstRow = 0;
    for (const [id, numScheduledTokens] of step.numScheduledTokens) {
      const request = this.requests.get(id)!;
      const { tokenIds, blockIds, numComputedTokens, numTokens } = request;
      const isWhole = reachesLastToken(numComputedTokens, numScheduledTokens, numTokens);
      const lastTokenAt = isWhole ? request.pendingTokenAt : undefined;
      seqs.push({ tokenIds, blockIds, numComputedTokens, numScheduledTokens, lastTokenAt });
      this.wantRows(request, numScheduledTokens, firstRow, wanted);
      firstRow += numScheduledTokens;
    }
    this.parts.buffers.fill(seqs, transfers);
    return wanted;
  }

  private wantRows(request: RequestState, numScheduled: number, firstRow: number, wanted: WantedRow[]): void {
    const { params, promptTokenIds, outputTokenIds, numComputedTokens, sampling: state } = request;
    const { vocabSize } = this.parts;
    if (params.promptLogprobs !== null && outputTokenIds.length === 0) {
      const numLogprobs = resolveNumLogprobs(params.promptLogprobs, vocabSize);
      const end = Math.min(numComputedTokens + numScheduled, promptTokenIds.length - 1);
      for (let position = numComputedTokens; position < end; position++) {
        const forcedTokenId = promptTokenIds[position + 1]!;
        const hiddenRow = firstRow + position - numComputedTokens;
        wanted.push({
          requestId: request.requestId,
          hiddenRow,
          request,
          state,
          outputTokenIds,
          numLogprobs,
          forcedTokenId,
          promptPosition: position + 1,
        });
      }
    }
    if (reachesLastToken(numComputedTokens, numScheduled, request.numTokens)) {
      const numLogprobs = resolveNumLogprobs(params.logprobs, vocabSize);
      const { requestId } = request;
      const { logprobTokenIds } = state;
      const hiddenRow = firstRow + numScheduled - 1;
      const row = { requestId, hiddenRow, request, state, outputTokenIds, numLogprobs, logprobTokenIds };
      const forcedTokenId = state.thinkingLimit?.forcedTokenId(outputTokenIds);
      wanted.push(forcedTokenId === undefined ? row : { ...row, forcedTokenId });
    }
  }

  private prepareLogits(rows: readonly WantedRow[], to: MemoryWriter): CompiledProgram {
    const { buffers, sampler } = this.parts;
    buffers.fillLogitsRows(
      rows.map(({ hiddenRow }) => hiddenRow),
      to,
    );
    const { generation } = sampler.prepare(rows, to);
    if (generation !== this.generation) this.logitsPrograms.clear();
    this.generation = generation;
    return this.logitsPrograms.get(rows.length, () => {
      this.meter?.enter("compile");
      const compiled = this.compileLogits(rows.length);
      this.meter?.enter("prepare");
      return compiled;
    });
  }

  private forwardProgram(numTokens: number): CompiledProgram {
    return this.forwardPrograms.get(numTokens, () => {
      const { platform, hidden } = this.parts;
      this.meter?.enter("compile");
      const compiled = platform.compile(recordForward(this.parts, numTokens, hidden.address));
      this.meter?.enter("prepare");
      return compiled;
    });
  }

  private compileLogits(numRows: number): CompiledProgram {
    const { platform, sampler } = this.parts;
    const program = new Program(`logits of ${numRows} rows`);
    sampler.record(this.recordLogits(program, numRows));
    return platform.compile(program);
  }

  /** The logits [numRows, vocabSize] of the rows in the buffers. */
  private recordLogits(program: Program, numRows: number): Tensor {
    const { model, buffers, hidden } = this.parts;
    const shape = [hidden.maxNumTokens, hidden.size];
    const states = new Tensor(
      createStorage("external", 4 * shape[0]! * shape[1]!, "hidden states", hidden.address),
      shape,
      "f32",
    );
    const rows = gatherRows(states, buffers.logitsRowsTensor(program, numRows));
    const logits = model.computeLogits(rows);
    if (logits.size(-1) !== this.parts.vocabSize)
      throw new ShapeError(
        `${model.constructor.name}.computeLogits: a row must have ${this.parts.vocabSize} logits (vocab_size in config.json), got ${logits}`,
      );
    return logits;
  }
}

function withMasks(rows: readonly WantedRow[], masks: TokenMasks): readonly WantedRow[] {
  if (masks.size === 0) return rows;
  return rows.map((row) => (row.forcedTokenId === undefined ? { ...row, mask: masks.get(row.requestId) } : row));
}

/** Records a model's forward for numTokens tokens; its result lands at `hiddenAddress`. */
export function recordForward(
  { model, buffers, caches }: Pick<ModelRunnerParts, "model" | "buffers" | "caches">,
  numTokens: number,
  hiddenAddress: number,
): Program & { hiddenSize: number } {
  const program = new Program(`forward of ${numTokens} tokens`);
  const { metadata, ...tensors } = buffers.tensors(program, numTokens);
  program.step = { program, ...tensors, ...caches.ofStep(metadata) };
  let hidden = model.forward(program.step);
  if (hidden.owner !== program || hidden.storage.kind !== "step" || hidden.bytes !== hidden.storage.bytes)
    hidden = copy(hidden);
  program.output(hidden, hiddenAddress);
  return Object.assign(program, { hiddenSize: hidden.size(1) });
}

/** Gives each request its sampled token, log-probabilities or error. */
function distribute(
  rows: readonly WantedRow[],
  sampled: readonly SampledRow[],
  output: Omit<Required<ModelRunnerOutput>, "nativeMs" | "nativeEndMs">,
): void {
  rows.forEach(({ request, promptPosition, outputIndex }, i) => {
    const { tokenId, logprobs, error } = sampled[i]!;
    const id = request.requestId;
    if (error !== null) output.errors.set(id, error);
    else if (promptPosition !== undefined) {
      let entry = output.promptLogprobs.get(id);
      if (!entry) output.promptLogprobs.set(id, (entry = { start: promptPosition, rows: [] }));
      entry.rows.push(logprobs!);
    } else {
      if (outputIndex === undefined) request.append(tokenId);
      else request.settle(outputIndex, tokenId);
      output.sampledTokenIds.set(id, [tokenId]);
      if (logprobs) output.logprobs.set(id, [logprobs]);
    }
  });
}
