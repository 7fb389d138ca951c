/**
 * Requests for tests of ops with a state: a row is one token of a request. Picked rows that follow each other in a request are
 * one run; its state has walked over the tokens before them in an earlier op, so the same token is part of a prefill, of a
 * chunk, or decodes alone.
 */
import type { StateMetadata } from "../../src/ops/step.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import type { CaseInputs } from "./case-inputs.js";
import { range } from "./op-case.js";
import { shuffled } from "./random.js";

export interface TokenRun {
  readonly request: number;
  readonly first: number;
  readonly end: number;
}

/** One op call over tokens of all requests, numbered through: what to compute, with which slots. */
export interface StateCall {
  readonly tokens: readonly number[];
  readonly metadata: StateMetadata;
}

/** Request and position of a token. */
function placeOf(lengths: readonly number[], token: number): { request: number; position: number } {
  let position = token;
  const request = lengths.findIndex((length) => position < length || ((position -= length), false));
  return { request, position };
}

/** Runs of neighbouring tokens of one request. */
export function runsOf(lengths: readonly number[], tokens: readonly number[]): TokenRun[] {
  const runs: { request: number; first: number; end: number }[] = [];
  tokens.forEach((token, i) => {
    const { request, position } = placeOf(lengths, token);
    if (i > 0 && token === tokens[i - 1]! + 1 && position > 0) runs[runs.length - 1]!.end++;
    else runs.push({ request, first: position, end: position + 1 });
  });
  return runs;
}

/** Metadata of a step whose request i has these many rows, stands at `ends[i]` after it and owns `slots[i]`. */
export function stateMetadata(
  inputs: CaseInputs,
  counts: readonly number[],
  ends: readonly number[],
  slots: readonly number[],
  spare = 1,
): StateMetadata {
  const starts = [0];
  for (const count of counts) starts.push(starts[starts.length - 1]! + count);
  const pad = (list: readonly number[]): number[] => [...list, ...range(spare).map(() => -1)];
  return {
    numSeqs: inputs.ints("numSeqs", [counts.length]),
    queryStartLoc: inputs.ints("queryStartLoc", pad(starts)),
    seqLens: inputs.ints("seqLens", pad(ends)),
    stateSlots: inputs.ints("stateSlots", pad(slots)),
  };
}

/** States of `numSlots` slots, NaN where nothing was written; slots lie apart by `gap` more elements. */
export function poisonedState(inputs: CaseInputs, numSlots: number, shape: readonly number[], gap = 0): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = new Float32Array(numSlots * (size + gap)).fill(NaN);
  return inputs
    .floats("state", values, [numSlots, size + gap])
    .columns(0, size)
    .splitLast(...shape);
}

/**
 * The calls that compute `tokens`: first what comes before each run, then the runs themselves. `lengths`: tokens of each
 * request. Every run has a slot of its own among `numSlots`.
 */
export function stateCalls(
  inputs: CaseInputs,
  lengths: readonly number[],
  tokens: readonly number[],
): { before: StateCall | undefined; main: StateCall; numSlots: number } {
  const runs = runsOf(lengths, tokens);
  const numSlots = runs.length + 2;
  const slots = shuffled(numSlots, 5).slice(0, runs.length);
  const startOf = (request: number): number => lengths.slice(0, request).reduce((sum, length) => sum + length, 0);
  const later = runs.map((run, i) => ({ ...run, slot: slots[i]! })).filter(({ first }) => first > 0);
  const before = {
    tokens: later.flatMap(({ request, first }) => range(first).map((i) => startOf(request) + i)),
    metadata: stateMetadata(
      inputs,
      later.map(({ first }) => first),
      later.map(({ first }) => first),
      later.map(({ slot }) => slot),
    ),
  };
  const main = {
    tokens,
    metadata: stateMetadata(
      inputs,
      runs.map(({ first, end }) => end - first),
      runs.map(({ end }) => end),
      slots,
    ),
  };
  return { before: before.tokens.length > 0 ? before : undefined, main, numSlots };
}
