/** Steps with rows that logits processors change: logits, then TypeScript, then the sampler. Other steps do not come here. */
import { copy } from "../ops/copy.js";
import { Program } from "../ops/program.js";
import type { CompiledProgram, Platform, RunTimes } from "../platform/platform.js";
import type { EditableRow, LogitsEditor } from "../sampling/logits-editor.js";
import type { SampledRow, Sampler, SamplingRow } from "../sampling/sampler.js";
import type { Tensor } from "../tensor/tensor.js";

/** A row to sample, and whose it is. */
export interface RequestedRow extends SamplingRow {
  readonly requestId: string;
}

export interface EditedLogitsParts {
  readonly platform: Platform;
  readonly sampler: Sampler;
  readonly editor: LogitsEditor;
  readonly vocabSize: number;
  /** Records the logits of the rows that were asked for. */
  readonly logits: (program: Program, numRows: number) => Tensor;
  readonly run: (programs: readonly CompiledProgram[]) => Promise<RunTimes>;
}

/** Runs such steps; its programs and its memory for logits are made when the first comes. */
export class EditedLogits {
  private readonly parts: EditedLogitsParts;
  private address = 0;
  private capacity = 0;

  constructor(parts: EditedLogitsParts) {
    this.parts = parts;
  }

  /** Whether any of the rows is changed. */
  concerns(rows: readonly RequestedRow[]): boolean {
    return rows.some((row) => this.isEdited(row));
  }

  /**
   * @param before programs that run before the logits
   * @returns what the sampler chose, row by row
   */
  async sample(before: readonly CompiledProgram[], rows: readonly RequestedRow[]): Promise<SampledRow[]> {
    this.reserve(rows.length);
    await this.once((program) => {
      const logits = this.parts.logits(program, rows.length);
      const isWhole =
        logits.owner === program &&
        logits.storage.kind === "step" &&
        logits.isDense &&
        logits.bytes === logits.storage.bytes;
      program.output(isWhole ? logits : copy(logits), this.address);
    }, before);
    const edited = rows.flatMap((row, i) => (this.isEdited(row) ? [i] : []));
    const raw = edited.map((i) => this.read(i));
    const editable: EditableRow[] = edited.map((i, k) => ({
      requestId: rows[i]!.requestId,
      row: rows[i]!,
      logits: raw[k]!.slice(),
    }));
    const stages = this.parts.editor.edit(editable);
    const sampling: SamplingRow[] = [...rows];
    edited.forEach((i, k) => {
      const stage = stages[k]!;
      // The row of a request that ends is sampled like any other, and its token is dropped.
      if (stage instanceof Error) return;
      this.write(i, editable[k]!.logits);
      const numLogprobs = this.parts.sampler.reportsRaw ? -1 : rows[i]!.numLogprobs;
      sampling[i] = { ...rows[i]!, numLogprobs, applied: stage };
    });
    const sampled = await this.sampleRows(sampling);
    edited.forEach((i, k) => {
      const stage = stages[k]!;
      if (stage instanceof Error) sampled[i] = { tokenId: 0, logprobs: null, error: stage.message };
    });
    if (this.parts.sampler.reportsRaw) await this.reportRaw(rows, edited, raw, sampled);
    return sampled;
  }

  dispose(): void {
    if (this.capacity > 0) this.parts.platform.free(this.address);
    this.capacity = 0;
  }

  private isEdited({ requestId, forcedTokenId }: RequestedRow): boolean {
    return forcedTokenId === undefined && this.parts.editor.touches(requestId);
  }

  /** Log-probabilities of the tokens that were chosen, under the model's own logits. */
  private async reportRaw(
    rows: readonly RequestedRow[],
    edited: readonly number[],
    raw: readonly Float32Array[],
    sampled: SampledRow[],
  ): Promise<void> {
    const wanted = edited.filter((i) => rows[i]!.numLogprobs >= 0 && sampled[i]!.error === null);
    if (wanted.length === 0) return;
    wanted.forEach((i, k) => this.write(k, raw[edited.indexOf(i)]!));
    const reported = await this.sampleRows(wanted.map((i) => ({ ...rows[i]!, forcedTokenId: sampled[i]!.tokenId })));
    wanted.forEach((i, k) => (sampled[i] = reported[k]!));
  }

  private async sampleRows(rows: readonly SamplingRow[]): Promise<SampledRow[]> {
    const { sampler, vocabSize } = this.parts;
    sampler.prepare(rows);
    await this.once((program) =>
      sampler.record(program.input("edited logits", [rows.length, vocabSize], "f32", this.address)),
    );
    return sampler.collect();
  }

  /** Records a program, runs it after others, and forgets it: steps of this kind are slow anyway. */
  private async once(record: (program: Program) => void, before: readonly CompiledProgram[] = []): Promise<void> {
    const program = new Program("edited logits");
    record(program);
    const compiled = this.parts.platform.compile(program);
    try {
      await this.parts.run([...before, compiled]);
    } finally {
      compiled.dispose();
    }
  }

  private reserve(numRows: number): void {
    if (numRows <= this.capacity) return;
    this.dispose();
    this.address = this.parts.platform.allocate(4 * numRows * this.parts.vocabSize, "logits for processors");
    this.capacity = numRows;
  }

  private read(i: number): Float32Array {
    const { platform, vocabSize } = this.parts;
    const row = new Float32Array(vocabSize);
    platform.read(this.address + 4 * i * vocabSize, new Uint8Array(row.buffer));
    return row;
  }

  private write(i: number, row: Float32Array): void {
    const { platform, vocabSize } = this.parts;
    platform.write(this.address + 4 * i * vocabSize, new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  }
}
