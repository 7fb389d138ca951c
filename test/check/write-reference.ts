/** Stands in for scripts/dump_reference.py: runs a model that is right, and writes what its modules got and gave under a reference's names. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import type { ModuleCall } from "../../src/layers/model-context.js";
import type { OpRecord, RecordedProgram } from "../../src/platform/platform.js";
import { Parameter } from "../../src/tensor/parameter.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { runRequests } from "../../src/tools/check/run-requests.js";
import { createWorker } from "../../src/worker/create-worker.js";
import type { ConstructedModel } from "../../src/worker/load-model.js";
import { constructModel } from "../../src/worker/load-model.js";
import { TracingPlatform } from "../../src/worker/tracing-platform.js";
import type { RawTensor } from "../support/materialize.js";
import { recipeValues, writeSafetensors, writeSafetensorsRaw } from "../support/materialize.js";

/** Writes config.json and random weights under the names that the model declares. */
export async function writeCheckpoint(folder: string, config: object): Promise<void> {
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const model = await constructModel(parseEngineConfig({ model: folder, loadFormat: "dummy" }));
  const tensors: Record<string, RawTensor> = {};
  for (const { spec } of model.parameters.declared)
    for (const { source } of spec.parts) {
      const isVector = source.shape.length === 1;
      const offset = isVector && !source.name.endsWith("bias") ? 1 : 0;
      const range = isVector ? 0.3 : source.name.includes("embed") ? 0.7 : 2 / Math.sqrt(source.shape[1]!);
      const values = recipeValues(source.name, source.shape, offset, range, 3);
      tensors[source.name] = { dtype: "F32", shape: source.shape, data: new Uint8Array(values.buffer) };
    }
  writeSafetensors(join(folder, "model.safetensors"), tensors);
}

/** The parts of the port that a reference does not have as modules. */
const inner = /\.(attn|rotary_emb|qkv_proj|gate_up_proj)$/;

interface Entry {
  readonly call: string;
  readonly order: number;
  readonly tensors: Record<string, { shape: number[]; values: Float32Array }>;
}

/** Runs the tokens on the model as it is registered now, and writes the dump. */
export async function writeReference(model: string, dump: string, ids: readonly number[]): Promise<void> {
  const calls: ModuleCall[] = [];
  const executed: OpRecord[] = [];
  let constructed: ConstructedModel | undefined;
  let tracing: TracingPlatform | undefined;
  let program: RecordedProgram | undefined;
  const config = parseEngineConfig({
    ...{ model, dtype: "float32", platform: "reference", maxNumSeqs: ids.length, maxNumBatchedTokens: 128 },
    kvCacheMemoryBytes: 2 ** 24,
    enablePrefixCaching: false,
  });
  const classes = new Map<string, string>();
  const worker = await createWorker(config, {
    instruments: {
      watch: {
        constructed: (name, module) => void classes.set(name, module.constructor.name),
        called: (call) => void calls.push(call),
      },
      constructed: (built) => (constructed = built),
      platform: (platform) => (tracing = new TracingPlatform(platform)).platform,
    },
  });
  try {
    const programs = new Set<unknown>();
    tracing!.visitor = {
      after: async (record, running) => {
        executed.push(record);
        programs.add((program = running));
      },
    };
    const job = { promptTokenIds: ids, maxTokens: 1, params: { logprobs: 0, promptLogprobs: 0 } };
    await runRequests(worker, config, [job]);
    const own = calls.filter(({ outputs }) => programs.has(outputs[0]?.owner));
    const entries = [...moduleEntries(own, executed, tracing!), ...partEntries(executed, constructed!, tracing!)];
    write(dump, ids, entries, { classes, constructed: constructed!, executed });
  } finally {
    worker.dispose();
  }
  void program;
}

function moduleEntries(calls: readonly ModuleCall[], executed: readonly OpRecord[], tracing: TracingPlatform): Entry[] {
  return calls
    .filter(({ name, method }) => !inner.test(name) && (name !== "" || method === "computeLogits"))
    .map(({ name, inputs, outputs }) => {
      const first = executed.findIndex(({ scope }) => scope === name || scope.startsWith(`${name}.`));
      const tensors: Entry["tensors"] = {};
      const put = (key: string, tensor: Tensor): void => {
        if (tensor.dtype === "f32")
          tensors[`${name}:${key}`] = { shape: [1, ...tensor.shape], values: tracing.read(tensor) };
      };
      inputs.filter(({ dtype }) => dtype === "f32").forEach((tensor, i) => put(`in.${i}`, tensor));
      outputs.forEach((tensor, i) => put(name === "" ? "out.logits" : `out.${i}`, tensor));
      const rotation = executed.find(({ op, scope }) => op === "rotaryEmbedding" && scope === `${name}.rotary_emb`);
      if (rotation) Object.assign(tensors, positionEmbeddings(name, rotation, tracing));
      return { call: name, order: name === "" ? -1 : first - name.split(".").length * -1e-3, tensors };
    });
}

/** cos and sin as Hugging Face hands them to attention: each half twice. */
function positionEmbeddings(name: string, rotation: OpRecord, tracing: TracingPlatform): Entry["tensors"] {
  const [positions, , table] = rotation.inputs as [Tensor, Tensor, Tensor];
  const [count, width] = [positions.size(0), table.size(1)];
  const values = tracing.read(table);
  const half = (start: number): Float32Array =>
    Float32Array.from(
      { length: count * width },
      (_, n) => values[Math.floor(n / width) * width + start + (n % (width / 2))]!,
    );
  const key = `${name}:in.position_embeddings`;
  const shape = [1, count, width];
  return { [`${key}.0`]: { shape, values: half(0) }, [`${key}.1`]: { shape, values: half(width / 2) } };
}

/** The single projections of fused layers. */
function partEntries(
  executed: readonly OpRecord[],
  { parameters }: ConstructedModel,
  tracing: TracingPlatform,
): Entry[] {
  return executed.flatMap((record, i) => {
    const spec = parameters.declared.find(({ parameter }) => parameter === record.inputs[1])?.spec;
    if (record.op !== "linear" || !spec || !inner.test(record.scope)) return [];
    const [x, y] = [record.inputs[0]!, record.outputs[0]!];
    const all = tracing.read(y);
    const [count, width] = [y.size(0), y.size(1)];
    return spec.parts.map(({ source, rowStart, rowCount }) => {
      const call = source.name.replace(/\.weight$/, "");
      const values = Float32Array.from(
        { length: count * rowCount },
        (_, n) => all[Math.floor(n / rowCount) * width + rowStart + (n % rowCount)]!,
      );
      return {
        call,
        order: i + 1e-4,
        tensors: {
          [`${call}:in.0`]: { shape: [1, ...x.shape], values: tracing.read(x) },
          [`${call}:out.0`]: { shape: [1, count, rowCount], values },
        },
      };
    });
  });
}

function write(
  path: string,
  ids: readonly number[],
  entries: readonly Entry[],
  {
    classes,
    constructed,
    executed,
  }: { classes: ReadonlyMap<string, string>; constructed: ConstructedModel; executed: readonly OpRecord[] },
): void {
  const sorted = [...entries].sort((a, b) => a.order - b.order);
  const modules: Record<string, object> = {};
  for (const { call } of sorted) {
    const eps = executed.find(({ scope }) => scope === call)?.attributes["eps"];
    const attributes = eps === undefined ? {} : { variance_epsilon: eps };
    modules[call] = { class: classes.get(call) ?? "Linear", attributes, weights: weightsOf(call, constructed) };
  }
  const header: Record<string, unknown> = {
    __metadata__: {
      quire: JSON.stringify({ ids, calls: sorted.map(({ call }) => call), modules, config: constructed.raw }),
    },
  };
  let at = 0;
  const tensors = sorted.flatMap((entry) => Object.entries(entry.tensors));
  for (const [key, { shape, values }] of tensors) {
    header[key] = { dtype: "F32", shape, data_offsets: [at, at + values.byteLength] };
    at += values.byteLength;
  }
  writeSafetensorsRaw(
    path,
    JSON.stringify(header),
    tensors.map(([, { values }]) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
}

function weightsOf(call: string, { parameters }: ConstructedModel): Record<string, object> {
  const weights: Record<string, object> = {};
  for (const { spec, parameter } of parameters.declared)
    for (const { source } of spec.parts) {
      if (source.name.slice(0, source.name.lastIndexOf(".")) !== call || !(parameter instanceof Parameter)) continue;
      const isVector = source.shape.length === 1;
      const offset = isVector && !source.name.endsWith("bias") ? 1 : 0;
      const range = isVector ? 0.3 : source.name.includes("embed") ? 0.7 : 2 / Math.sqrt(source.shape[1]!);
      weights[source.name.slice(call.length + 1)] = [
        source.shape,
        [...recipeValues(source.name, source.shape, offset, range, 3).subarray(0, 4)],
      ];
    }
  return weights;
}
