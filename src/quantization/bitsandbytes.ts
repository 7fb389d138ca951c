/** bitsandbytes, serialized: 4-bit codes of a table with a maximum for each block (nf4, fp4), or int8 with a maximum for each output. Source: Dettmers et al. 2023. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { numElements } from "../tensor/shape.js";
import { CheckpointError } from "../util/errors.js";
import type { CheckpointScheme, QuantizedTensor, ReadTensor, RowReader } from "./checkpoint-scheme.js";
import { ModuleTensors, modulesWith, SchemeProblems } from "./module-tensors.js";
import { floatsOf, scalesOf } from "./stored-values.js";

const stateEnd = /\.weight\.quant_state\.bitsandbytes__(nf4|fp4)$/;

export function bitsandbytes(): CheckpointScheme {
  return {
    name: "bitsandbytes",
    ignored: [/\.weight_format$/],
    find(tensors, read) {
      const problems = new SchemeProblems("bitsandbytes");
      const fourBit = [...tensors.values()]
        .filter(({ name }) => stateEnd.test(name))
        .map((state) =>
          findFourBit(state, new ModuleTensors(state.name.replace(stateEnd, ""), tensors, problems), read),
        );
      const eightBit = modulesWith(tensors, "SCB").map((name) =>
        findEightBit(new ModuleTensors(name, tensors, problems)),
      );
      problems.throwIfAny();
      return [...fourBit, ...eightBit].filter((one) => one !== undefined);
    },
  };
}

function findEightBit(module: ModuleTensors): QuantizedTensor | undefined {
  const weight = module.need("weight", ["i8"]);
  const maxima = module.need("SCB", ["f32", "f16", "bf16"], weight ? [weight.shape[0]!] : undefined);
  if (!weight || !maxima) return undefined;
  const inputs = weight.shape[1]!;
  return {
    name: weight.name,
    shape: weight.shape,
    parts: [weight, maxima],
    open(read) {
      const bytes = read(weight);
      const codes = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const scales = scalesOf(maxima, read);
      return {
        read(start, count, out) {
          for (let i = 0; i < count * inputs; i++)
            out[i] = (codes[start * inputs + i]! * scales[start + Math.floor(i / inputs)]!) / 127;
        },
      };
    },
  };
}

interface FourBit {
  readonly weight: TensorInfo;
  readonly absmax: TensorInfo;
  readonly map: TensorInfo;
  readonly state: TensorInfo;
  /** Of the maxima, where these are quantized themselves. */
  readonly nested: { readonly absmax: TensorInfo; readonly map: TensorInfo } | undefined;
}

/** Of the JSON in `quant_state`. */
interface State {
  readonly shape: readonly [outputs: number, inputs: number];
  readonly blocksize: number;
  readonly nested_blocksize?: number;
  readonly nested_offset?: number;
}

/** The shape stands in the state's JSON alone. */
function findFourBit(state: TensorInfo, module: ModuleTensors, read: ReadTensor): QuantizedTensor | undefined {
  const weight = module.need("weight", ["u8"]);
  const absmax = module.need("weight.absmax", ["u8", "f32"]);
  const map = module.need("weight.quant_map", ["f32"], [16]);
  if (!weight || !absmax || !map) return undefined;
  let nested: FourBit["nested"];
  if (absmax.storage === "u8") {
    const nestedAbsmax = module.need("weight.nested_absmax", ["f32"]);
    const nestedMap = module.need("weight.nested_quant_map", ["f32"], [256]);
    if (!nestedAbsmax || !nestedMap) return undefined;
    nested = { absmax: nestedAbsmax, map: nestedMap };
  }
  const tensors: FourBit = { weight, absmax, map, state, nested };
  return {
    name: weight.name,
    shape: stateOf(tensors, read).shape,
    parts: [weight, absmax, map, state, ...(nested ? [nested.absmax, nested.map] : [])],
    open: (again) => openFourBit(tensors, again),
  };
}

function stateOf({ state, weight, absmax }: FourBit, read: ReadTensor): State {
  const fail = (what: string): never => {
    throw new CheckpointError(`${state.file}: "${state.name}": ${what}`);
  };
  let json: Partial<State>;
  try {
    json = JSON.parse(Buffer.from(read(state)).toString("utf8")) as Partial<State>;
  } catch {
    return fail("is not JSON");
  }
  const { shape, blocksize } = json;
  const isSize = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) > 0;
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every(isSize))
    return fail("has no shape [outputs, inputs]");
  if (!isSize(blocksize)) return fail("has no blocksize");
  const count = shape[0]! * shape[1]!;
  if (numElements(weight.shape) !== Math.ceil(count / 2))
    return fail(
      `shape [${shape.join(", ")}] needs ${Math.ceil(count / 2)} bytes; weight has ${numElements(weight.shape)}`,
    );
  if (numElements(absmax.shape) !== Math.ceil(count / blocksize))
    return fail(`needs ${Math.ceil(count / blocksize)} maxima; absmax has ${numElements(absmax.shape)}`);
  return json as State;
}

function openFourBit(tensors: FourBit, read: ReadTensor): RowReader {
  const { shape, blocksize } = stateOf(tensors, read);
  const inputs = shape[1];
  const pairs = read(tensors.weight);
  const map = floatsOf(tensors.map, read);
  const maxima = maximaOf(tensors, read);
  return {
    read(start, count, out) {
      for (let i = 0, at = start * inputs; i < count * inputs; i++, at++) {
        const pair = pairs[at >> 1]!;
        out[i] = map[at & 1 ? pair & 15 : pair >> 4]! * maxima[Math.floor(at / blocksize)]!;
      }
    },
  };
}

/** Each block's largest absolute value. */
function maximaOf(tensors: FourBit, read: ReadTensor): Float32Array {
  const { absmax, nested, state } = tensors;
  if (!nested) return floatsOf(absmax, read);
  const { nested_blocksize: blocksize = 256, nested_offset: offset = 0 } = stateOf(tensors, read);
  const codes = read(absmax);
  const map = floatsOf(nested.map, read);
  const scales = floatsOf(nested.absmax, read);
  if (scales.length !== Math.ceil(codes.length / blocksize))
    throw new CheckpointError(
      `${state.file}: "${nested.absmax.name}" must have ${Math.ceil(codes.length / blocksize)} values`,
    );
  const maxima = Float32Array.from(
    codes,
    (code, i) => Math.fround(map[code]! * scales[Math.floor(i / blocksize)]!) + offset,
  );
  const wrong = maxima.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new CheckpointError(`${state.file}: "${absmax.name}": maximum ${wrong} is ${maxima[wrong]}`);
  return maxima;
}
