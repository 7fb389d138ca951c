/** What a model's author is told when modules are put together or used wrongly. */
import { expect, test } from "vitest";
import { Program } from "../ops/program.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
import { LifetimeError, ShapeError } from "../util/errors.js";
import { CausalLM } from "./causal-lm.js";
import { VocabParallelEmbedding } from "./embedding.js";
import { unquantized } from "./linear-method.js";
import { RowParallelLinear } from "./linear.js";
import { Module } from "./module.js";
import { RMSNorm } from "./norm.js";
import { ParameterTable } from "./parameter-table.js";
import { Prefix } from "./prefix.js";

interface Config {
  readonly vocabSize: number;
  readonly hiddenSize: number;
}

function prefix(config: Config = { vocabSize: 10, hiddenSize: 8 }): Prefix<Config> {
  return new Prefix("", config, {
    parameters: new ParameterTable(),
    parallel: { rank: 0, worldSize: 1 },
    dtype: "f32",
    maxModelLen: 16,
    linearMethod: () => unquantized,
    layerCaches: new Map(),
    claimed: new Map(),
  });
}

/** A step of n tokens; the model below reads no more of it. */
function step(n: number): Step {
  const program = new Program(`forward of ${n} tokens`);
  const tokens = (label: string): Tensor => program.input(label, [n], "i32", 0);
  return { program, inputIds: tokens("inputIds"), positions: tokens("positions") } as unknown as Step;
}

class Layer extends Module<Config> {
  wrong: ((x: Tensor) => Tensor) | undefined;

  forward(x: Tensor): Tensor {
    return add(x, this.wrong ? this.wrong(x) : x);
  }
}

class Model extends CausalLM<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  layers = this.list("layers", 2, Layer);
  result: ((x: Tensor, step: Step) => unknown) | undefined;

  forward(step: Step): Tensor {
    let x = this.embedTokens.forward(step.inputIds);
    for (const layer of this.layers) x = layer.forward(x);
    return (this.result ? this.result(x, step) : x) as Tensor;
  }

  computeLogits(rows: Tensor): Tensor {
    return rows;
  }
}

test("an error in forward begins with the innermost module's name, in the stack too", () => {
  const model = new Model(prefix());
  model.layers[1]!.wrong = (x) => x.columns(0, 4);
  expect(() => model.forward(step(3))).toThrow(/^layers\.1: add: a \[3, 8\] and b \[3, 4\] must have one shape$/);
  model.layers[1]!.wrong = () => {
    throw new TypeError("it is Monday");
  };
  const error = ((): Error | undefined => {
    try {
      model.forward(step(3));
    } catch (caught) {
      return caught as Error;
    }
    return undefined;
  })();
  expect(error).toBeInstanceOf(TypeError);
  expect(error?.stack).toMatch(/^TypeError: layers\.1: it is Monday\n/);
});

test("a tensor kept from another step names both programs", () => {
  const model = new Model(prefix());
  let kept: Tensor | undefined;
  model.layers[0]!.wrong = (x) => (kept ??= x);
  model.forward(step(3));
  expect(() => model.forward(step(3))).toThrow(LifetimeError);

  const layer = new (class extends Module<Config> {
    forward(x: Tensor, y: Tensor): Tensor {
      return add(x, y);
    }
  })(prefix().at("cross"));
  expect(() => layer.forward(step(3).positions, step(4).positions)).toThrow(
    /^cross: its arguments are from two steps: positions i32\[3\] .*"forward of 3 tokens", positions i32\[4\] .* keep none in fields/,
  );
});

test.each<[string, (x: Tensor, step: Step) => unknown, typeof ShapeError | typeof LifetimeError, RegExp]>([
  [
    "nothing",
    () => undefined,
    ShapeError,
    /^Model\.forward: hidden states must be \[3, hiddenSize\] f32, got undefined/,
  ],
  ["token ids", (_, { inputIds }) => inputIds, ShapeError, /must be \[3, hiddenSize\] f32, got inputIds i32\[3\]/],
  ["heads", (x) => x.splitLast(2, 4), ShapeError, /must be \[3, hiddenSize\] f32, got .*\[3, 2, 4\]/],
  ["another step's", () => new Model(prefix()).forward(step(3)), LifetimeError, /not of this step's program/],
])("forward that returns %s", (_, result, type, message) => {
  const model = new Model(prefix());
  model.result = result;
  expect(() => model.forward(step(3))).toThrow(type);
  expect(() => model.forward(step(3))).toThrow(message);
});

test("logits of another width than the vocabulary", () => {
  const model = new Model(prefix());
  const rows = model.forward(step(2));
  expect(() => model.computeLogits(rows)).toThrow(
    /^Model\.computeLogits: logits must be \[2, 10\] f32, got .*\[2, 8\]/,
  );
});

test("what config.json did not give is told by the layer that needs it", () => {
  const undeclared = undefined as unknown as number;
  const at = prefix().at("mlp");
  expect(() => new RMSNorm(at, { hiddenSize: undeclared, rmsNormEps: 1 })).toThrow(
    "mlp: hiddenSize must be a positive integer, got undefined; if it comes from config.json, declare it in hfConfig",
  );
  expect(() => new RMSNorm(at, { hiddenSize: 8, rmsNormEps: undeclared })).toThrow("mlp: rmsNormEps must be a number");
  expect(() => new RowParallelLinear(at, { inputSize: undeclared, outputSize: 8 })).toThrow("mlp: inputSize must be");
  expect(() => new Model(prefix({ vocabSize: 10, hiddenSize: undeclared }))).toThrow("embed_tokens: hiddenSize must");
});
