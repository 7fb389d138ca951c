/** References of causalConv1d, selectiveScan, ssdScan and gatedRmsNorm. States are f32 between tokens. */
import { activationFunctions } from "./elementwise.js";
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

/** Rows start .. end - 1 of one request, and where its state begins in the state's data. */
interface StateRows {
  readonly start: number;
  readonly end: number;
  readonly state: number;
}

/** The requests of a step; clears the states of those that begin, and the output of rows that are nobody's. */
function openRequests(views: readonly View[], out: View): StateRows[] {
  const [state, numSeqs, queryStartLoc, seqLens, stateSlots] = views as [View, View, View, View, View];
  out.data.fill(0, out.offset, out.offset + out.shape[0]! * out.strides[0]!);
  const at = (view: View, i: number): number => view.data[view.offset + i]!;
  const requests: StateRows[] = [];
  for (let s = 0; s < at(numSeqs, 0); s++) {
    const [start, end] = [at(queryStartLoc, s), at(queryStartLoc, s + 1)];
    if (end === start) continue;
    const slot = rowStart(state, at(stateSlots, s));
    if (at(seqLens, s) === end - start) state.data.fill(0, slot, slot + state.shape[1]!);
    requests.push({ start, end, state: slot });
  }
  return requests;
}

export function causalConv1d({ inputs, outputs, text }: KernelCall): void {
  const [x, weight, ...rest] = inputs as [View, View, ...View[]];
  const [state, , , , , bias] = rest as [View, View, View, View, View, View?];
  const out = outputs[0]!;
  const channels = x.shape[1]!;
  const kernelSize = weight.shape[0]! / channels;
  const f = text("kind") === "none" ? (value: number): number => value : activationFunctions[text("kind")]!;
  const past = kernelSize - 1;
  for (const { start, end, state: slot } of openRequests(rest, out))
    for (let c = 0; c < channels; c++) {
      /** The input at row t; rows before `start` lie in the state. */
      const input = (t: number): number =>
        t < start ? state.data[slot + (t - start + past) * channels + c]! : x.data[rowStart(x, t) + c]!;
      for (let t = start; t < end; t++) {
        let sum = bias ? bias.data[bias.offset + c]! : 0;
        for (let k = 0; k < kernelSize; k++)
          sum += weight.data[weight.offset + k * channels + c]! * input(t - past + k);
        out.data[rowStart(out, t) + c] = f(sum);
      }
      const last = Array.from({ length: past }, (_, j) => input(end - past + j));
      last.forEach((value, j) => (state.data[slot + j * channels + c] = value));
    }
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export function selectiveScan({ inputs, outputs }: KernelCall): void {
  const [x, dt, a, b, c, d, ...rest] = inputs as [View, View, View, View, View, View, ...View[]];
  const [state, , , , , z] = rest as [View, View, View, View, View, View?];
  const out = outputs[0]!;
  const [stateSize, channels] = a.shape as [number, number];
  for (const { start, end, state: slot } of openRequests(rest, out))
    for (let t = start; t < end; t++)
      for (let i = 0; i < channels; i++) {
        const value = x.data[rowStart(x, t) + i]!;
        const step = softplus(dt.data[rowStart(dt, t) + i]!);
        let y = 0;
        for (let n = 0; n < stateSize; n++) {
          const h = slot + n * channels + i;
          const decay = Math.exp(step * a.data[rowStart(a, n) + i]!);
          state.data[h] = decay * state.data[h]! + step * value * b.data[rowStart(b, t) + n]!;
          y += state.data[h]! * c.data[rowStart(c, t) + n]!;
        }
        y += d.data[d.offset + i]! * value;
        const gate = z ? activationFunctions["silu"]!(z.data[rowStart(z, t) + i]!) : 1;
        out.data[rowStart(out, t) + i] = y * gate;
      }
}

export function ssdScan({ inputs, outputs, number }: KernelCall): void {
  const [x, dt, dtBias, a, b, c, d, ...rest] = inputs as [View, View, View, View, View, View, View, ...View[]];
  const state = rest[0]!;
  const out = outputs[0]!;
  const [, heads, headDim] = x.shape as [number, number, number];
  const [, groups, stateSize] = b.shape as [number, number, number];
  for (const { start, end, state: slot } of openRequests(rest, out))
    for (let t = start; t < end; t++)
      for (let head = 0; head < heads; head++) {
        const group = Math.floor(head / (heads / groups));
        const raw = softplus(dt.data[rowStart(dt, t) + head]! + dtBias.data[dtBias.offset + head]!);
        const step = Math.min(Math.max(raw, number("dtMin")), number("dtMax"));
        const decay = Math.exp(step * a.data[a.offset + head]!);
        for (let p = 0; p < headDim; p++) {
          const value = x.data[rowStart(x, t) + head * x.strides[1]! + p]!;
          let y = 0;
          for (let n = 0; n < stateSize; n++) {
            const h = slot + (head * stateSize + n) * headDim + p;
            const entering = step * value * b.data[rowStart(b, t) + group * b.strides[1]! + n]!;
            state.data[h] = decay * state.data[h]! + entering;
            y += state.data[h]! * c.data[rowStart(c, t) + group * c.strides[1]! + n]!;
          }
          out.data[rowStart(out, t) + head * headDim + p] = y + d.data[d.offset + head]! * value;
        }
      }
}

export function gatedRmsNorm({ inputs, outputs, number }: KernelCall): void {
  const [x, gate, weight] = inputs as [View, View, View];
  const out = outputs[0]!;
  const [numTokens, size] = x.shape as [number, number];
  const groupSize = number("groupSize");
  for (let t = 0; t < numTokens; t++)
    for (let first = 0; first < size; first += groupSize) {
      const gated = Float64Array.from({ length: groupSize }, (_, k) => {
        const open = activationFunctions["silu"]!(gate.data[rowStart(gate, t) + first + k]!);
        return x.data[rowStart(x, t) + first + k]! * open;
      });
      const squares = gated.reduce((sum, value) => sum + value ** 2, 0);
      const factor = 1 / Math.sqrt(squares / groupSize + number("eps"));
      gated.forEach((value, k) => {
        out.data[rowStart(out, t) + first + k] = value * factor * weight.data[weight.offset + first + k]!;
      });
    }
}
