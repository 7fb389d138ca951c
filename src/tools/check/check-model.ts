/** `quire check MODEL`: builds a model and proves what every port must do, one result after the other. */
import type { EngineConfig } from "../../config/engine-config.js";
import { loadPlugins } from "../../plugins/load-plugins.js";
import { CheckpointError, QuireError } from "../../util/errors.js";
import { messageOf } from "../../util/text.js";
import { createWorker } from "../../worker/create-worker.js";
import type { ConstructedModel, ConstructionInstruments } from "../../worker/load-model.js";
import { constructModel, planModel } from "../../worker/load-model.js";
import { resolveModelPaths } from "../../worker/resolve-model.js";
import { firstMixingOp } from "./first-mixing-op.js";
import { checkInt8 } from "./int8-layers.js";
import { checkInvariance } from "./invariance.js";
import { affordableLayers, cutModel, layersOf } from "./limits.js";
import type { BuiltModule, TreeNode } from "./module-tree.js";
import { moduleTree } from "./module-tree.js";
import { checkPlatforms } from "./platforms.js";
import type { Comparison } from "./reference/compare.js";
import { compareWithReference } from "./reference/compare.js";
import type { CheckResult } from "./result.js";
import { failed, ok, skipped } from "./result.js";
import { checkShards } from "./shards.js";

export interface CheckOptions {
  /** A dump that scripts/dump_reference.py made; then only the comparison is done. */
  readonly reference?: string | undefined;
  /** Check no more than the first so many layers. */
  readonly layers?: number | undefined;
}

/** Told as the checks go on. */
export interface CheckHooks {
  /** Once, before the first result. */
  readonly built?: (model: BuiltModel) => void;
  readonly result?: (result: CheckResult) => void;
}

export interface BuiltModel {
  readonly architecture: string;
  readonly tree: TreeNode;
  readonly numParameters: number;
  /** What was left out of a large model. */
  readonly note: string | undefined;
}

export interface CheckReport {
  readonly built: BuiltModel;
  readonly results: readonly CheckResult[];
  readonly comparison: Comparison | undefined;
  readonly passed: boolean;
}

/** Workers say nothing: which platform there is, the check of platforms tells. */
const quietly = (): void => undefined;

/** Longest request of a check, in tokens: keeps caches and tables small. */
const maxModelLen = 512;

/**
 * @throws ConfigError, CheckpointError or UnsupportedError when the model cannot be constructed at all
 */
export async function checkModel(
  given: EngineConfig,
  options: CheckOptions = {},
  hooks: CheckHooks = {},
): Promise<CheckReport> {
  const resolved = await resolveModelPaths(given);
  const { note: pluginNote } = await loadPlugins(resolved.plugins, () => undefined);
  const modules: BuiltModule[] = [];
  const watch = {
    constructed: (name: string, module: object) => void modules.push({ name, class: module.constructor.name }),
    called: () => undefined,
  };
  const whole = await constructModel(resolved, { watch }, pluginNote);
  whole.checkpoint?.close();
  const layers = affordableLayers(whole, options.layers);
  const cut = layers === undefined ? undefined : cutModel(resolved, whole, layers);
  const limited: EngineConfig = {
    ...(cut?.config ?? resolved),
    maxModelLen:
      typeof resolved.maxModelLen === "number" ? resolved.maxModelLen : Math.min(maxModelLen, whole.maxModelLen),
    maxNumSeqs: 8,
    maxNumBatchedTokens: 128,
  };
  const instruments: ConstructionInstruments = cut ? { ignored: cut.ignored } : {};
  const built: BuiltModel = {
    architecture: whole.architecture,
    tree: moduleTree(modules, whole.parameters.declared),
    numParameters: whole.parameters.declared.reduce((sum, { spec }) => sum + spec.shape.reduce((a, b) => a * b, 1), 0),
    note:
      cut &&
      `only the first ${cut.layers} of ${layersOf(whole.raw)} layers run${options.layers === undefined ? " (--layers N for more)" : ""}; weights are matched for all`,
  };
  hooks.built?.(built);
  const results: CheckResult[] = [];
  const add = (...more: readonly CheckResult[]): void =>
    more.forEach((result) => {
      results.push(result);
      hooks.result?.(result);
    });
  let comparison: Comparison | undefined;
  if (options.reference === undefined) await proveAll(whole, resolved, limited, instruments, add);
  else {
    // Tensors that the port leaves out are told, and the comparison says what they do.
    const weights = checkWeights(whole);
    const isOver = weights.status === "failed" && checkWeights({ ...whole, ignored: [/./] }).status === "ok";
    if (weights.status === "failed") add(weights);
    const given = isOver ? { ...instruments, ignored: [/./] } : instruments;
    comparison = await compareWithReference(limited, options.reference, { instruments: given, layers });
  }
  const passed = results.every(({ status }) => status !== "failed") && (comparison?.findings.length ?? 0) === 0;
  return { built, results, comparison, passed };
}

/** Each check by itself: one that fails, or ends in an error, does not keep the others from running. */
async function proveAll(
  whole: ConstructedModel,
  resolved: EngineConfig,
  limited: EngineConfig,
  instruments: ConstructionInstruments,
  add: (...results: readonly CheckResult[]) => void,
): Promise<void> {
  const weights = checkWeights(whole);
  add(weights, checkNames(whole));
  // What does not depend on the weights is proved all the same.
  const config: EngineConfig = weights.status === "failed" ? { ...limited, loadFormat: "dummy" } : limited;
  if (config.loadFormat === "dummy" && resolved.loadFormat !== "dummy")
    add(skipped("loading", "the checks that follow run with dummy weights, because the checkpoint does not fit"));
  const guard = async (name: string, run: () => Promise<readonly CheckResult[]>): Promise<void> => {
    try {
      add(...(await run()));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      add(failed(name, error instanceof QuireError ? error.message : `${error.name}: ${messageOf(error)}`));
    }
  };
  await guard("run", async () => {
    const worker = await createWorker(config, { instruments, log: quietly });
    try {
      const tolerance = whole.modelClass.invariance === "tolerance" ? 1e-3 : 0;
      await guard("batch", async () => {
        const found = await checkInvariance(worker, config, tolerance);
        return Promise.all(found.map((result) => withPlace(result, config, instruments, tolerance)));
      });
      await guard("int8", async () => [await checkInt8(worker, config, instruments)]);
    } finally {
      worker.dispose();
    }
    return [];
  });
  await guard("ranks", async () => [await checkShards(config, instruments)]);
  await guard("platforms", async () => [await checkPlatforms(config, instruments)]);
}

/** Adds the op that makes a request depend on others. */
async function withPlace(
  result: CheckResult,
  config: EngineConfig,
  instruments: ConstructionInstruments,
  tolerance: number,
): Promise<CheckResult> {
  if (result.name !== "batch" || result.status !== "failed") return result;
  const op = await firstMixingOp(config, instruments, tolerance);
  return op === undefined ? result : { ...result, detail: `${result.detail}; the first op that does so: ${op}` };
}

/** Every tensor of the checkpoint is used, every parameter is filled. */
function checkWeights(constructed: ConstructedModel): CheckResult {
  const { checkpoint, parameters } = constructed;
  if (!checkpoint) return skipped("weights", "--load-format dummy: there is no checkpoint to compare with");
  try {
    const plan = planModel(constructed)!;
    const used = new Set(plan.parameters.flatMap(({ parts }) => parts.map(({ tensor }) => tensor.name)));
    const left =
      plan.ignored.length === 0
        ? ""
        : `; left out on purpose: ${plan.ignored.slice(0, 4).join(", ")}${plan.ignored.length > 4 ? `, … (${plan.ignored.length})` : ""}`;
    return ok(
      "weights",
      `${used.size} tensors of the checkpoint fill ${parameters.declared.length} parameters, none is missing or over${left}`,
    );
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return failed(
      "weights",
      error.message,
      "names come from prefixes: give modules the checkpoint's names, or map them with `static readonly renames`; declare biases that the checkpoint has",
    );
  }
}

/** Prefixes are unique, or construction would have ended; parameters too, and no tensor is read twice. */
function checkNames({ parameters }: ConstructedModel): CheckResult {
  const names = parameters.declared.map(({ spec }) => spec.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    return failed("names", `two parameters are called "${twice}"`, "give one of the modules another prefix");
  const readers = new Map<string, Set<string>>();
  for (const { spec } of parameters.declared)
    for (const { source } of spec.parts)
      readers.set(source.name, (readers.get(source.name) ?? new Set()).add(spec.name));
  const shared = [...readers].find(([, by]) => by.size > 1);
  const note = shared ? `; note that "${shared[0]}" fills ${[...shared[1]].slice(0, 3).join(" and ")}` : "";
  return ok("names", `all modules and ${names.length} parameters have names of their own${note}`);
}
