import { describe, expect, test } from "vitest";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { ModelSource } from "./registry.js";
import { LlamaForCausalLM } from "./llama.js";
import { loadModelClass, registerModel, supportedArchitectures } from "./registry.js";

abstract class NoConfig extends CausalLM {}

describe("registry", () => {
  test.each(supportedArchitectures())("%s loads a class with a config", async (architecture) => {
    const { modelClass } = await loadModelClass([architecture]);
    expect(modelClass.config).toHaveProperty("parse");
  });

  test("an unknown architecture lists what is supported, and the nearest name", async () => {
    const error = await loadModelClass(["Qwen9ForCausalLM"]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toMatch(
      /"Qwen9ForCausalLM" is not supported; nearest: Qwen\d?ForCausalLM, .*\. Supported: .*LlamaForCausalLM.*OPT/,
    );
  });

  test.each([[undefined], [[]], ["LlamaForCausalLM"], [[1]]])("architectures %j is a ConfigError", async (value) => {
    await expect(loadModelClass(value)).rejects.toThrow(ConfigError);
  });

  test("a registered class is found; replacing one is told", async () => {
    class MyModelForCausalLM extends LlamaForCausalLM {}
    expect(registerModel("MyModelForCausalLM", MyModelForCausalLM)).toBeUndefined();
    expect(registerModel("MyModelForCausalLM", MyModelForCausalLM)).toBe("the program");
    expect((await loadModelClass(["MyModelForCausalLM"])).modelClass).toBe(MyModelForCausalLM);
  });

  test.each<[string, ModelSource, RegExp]>([
    ["no exports", () => Promise.resolve({}), /exports no class "WrongForCausalLM".* exports nothing/],
    ["another name", () => Promise.resolve({ LlamaForCausalLM }), /exports no class .* exports LlamaForCausalLM/],
    [
      "no module",
      () => Promise.reject(new Error("not there")),
      /WrongForCausalLM: its module could not be loaded: not there/,
    ],
    ["no CausalLM", class Bare {} as never, /class Bare must extend CausalLM from "quirelm\/layers"/],
    ["no config", NoConfig as never, /class NoConfig has no config; add `static readonly config = hfConfig/],
  ])("a model with %s says so", async (_, source, message) => {
    registerModel("WrongForCausalLM", source);
    await expect(loadModelClass(["WrongForCausalLM"])).rejects.toThrow(message);
  });

  test("a promise is no source", () => {
    const source = Promise.resolve({}) as never;
    expect(() => registerModel("WrongForCausalLM", source)).toThrow(/got a promise: put \(\) => before import/);
  });
});
