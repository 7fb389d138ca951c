/** Kernel calls of ops with a state per request, and of their norm: arguments as native/cpu/kernels.inc lists them. */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { KernelName } from "../opcodes.js";
import { activationNumbers, number } from "./attributes.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { optionalPlace, place, view } from "./lowered-op.js";

/** state, slotStride, numSlots, numSeqs, maxNumSeqs, queryStartLoc, seqLens, stateSlots (StateSequences in native/cpu/state_space.h) */
function sequences(inputs: readonly Tensor[]): Argument[] {
  const [state, numSeqs, queryStartLoc, seqLens, stateSlots] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const places = [queryStartLoc, seqLens, stateSlots].map((tensor) => place(tensor));
  return [place(state), state.strides[0]!, state.size(0), place(numSeqs), stateSlots.size(0), ...places];
}

/** A view, or six zeros. */
function optionalView(tensor: Tensor | undefined): Argument[] {
  return tensor ? view(tensor) : [0, 0, 0, 0, 0, 0];
}

const makeArguments = {
  causalConv1d: ({ inputs, outputs, attributes }) => {
    const [x, weight, ...rest] = inputs as [Tensor, Tensor, ...Tensor[]];
    const kind = activationNumbers.indexOf(String(attributes["kind"]));
    const args = [...view(x), place(weight), optionalPlace(rest[5]), weight.size(0) / x.size(1), kind];
    return [...args, ...sequences(rest), place(outputs[0]!)];
  },
  selectiveScan: ({ inputs, outputs }) => {
    const [x, dt, a, b, c, d, ...rest] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, ...Tensor[]];
    const args = [...view(x), ...view(dt), place(a), ...view(b), ...view(c), place(d), ...optionalView(rest[5])];
    return [...args, a.size(0), ...sequences(rest), place(outputs[0]!)];
  },
  ssdScan: (record) => {
    const [x, dt, dtBias, a, b, c, d, ...rest] = record.inputs as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      ...Tensor[],
    ];
    const args = [...view(x), ...view(dt), place(dtBias), place(a), ...view(b), ...view(c), place(d)];
    args.push(number(record, "dtMin"), number(record, "dtMax"));
    return [...args, ...sequences(rest), place(record.outputs[0]!)];
  },
  gatedRmsNorm: (record) => {
    const [x, gate, weight] = record.inputs as [Tensor, Tensor, Tensor];
    const args = [...view(x), ...view(gate), place(weight), number(record, "eps"), number(record, "groupSize")];
    return [...args, place(record.outputs[0]!)];
  },
} satisfies Partial<Record<KernelName, (record: OpRecord) => Argument[]>>;

/** One call per record, for the table of emitters. */
export const stateSpaceEmitters: Readonly<Record<string, (record: OpRecord) => LoweredOp[]>> = Object.fromEntries(
  Object.entries(makeArguments).map(([kernel, make]) => [
    kernel,
    (record: OpRecord) => [{ kernel: kernel as KernelName, args: make(record), records: [record] }],
  ]),
);
