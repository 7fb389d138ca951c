import { describe, expect, test } from "vitest";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { LlamaForCausalLM } from "./llama.js";
import { loadModelClass, registerModel, supportedArchitectures } from "./registry.js";

describe("registry", () => {
  test.each(supportedArchitectures())("%s loads a class with a config", async (architecture) => {
    const { modelClass } = await loadModelClass([architecture]);
    expect(modelClass.config).toHaveProperty("parse");
  });

  test("an unknown architecture lists what is supported, and the nearest name", async () => {
    const error = await loadModelClass(["Qwen3ForCausalLM"]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toMatch(/"Qwen3ForCausalLM" is not supported; nearest: Qwen2ForCausalLM\. Supported: .*LlamaForCausalLM.*OPT/);
  });

  test.each([[undefined], [[]], ["LlamaForCausalLM"], [[1]]])("architectures %j is a ConfigError", async (value) => {
    await expect(loadModelClass(value)).rejects.toThrow(ConfigError);
  });

  test("a registered class is found; replacing one is told", async () => {
    class MyModelForCausalLM extends LlamaForCausalLM {}
    expect(registerModel("MyModelForCausalLM", MyModelForCausalLM)).toBe(false);
    expect(registerModel("MyModelForCausalLM", MyModelForCausalLM)).toBe(true);
    expect((await loadModelClass(["MyModelForCausalLM"])).modelClass).toBe(MyModelForCausalLM);
  });

  test("a module without the class says which name it looked for", async () => {
    registerModel("EmptyForCausalLM", () => Promise.resolve({}));
    await expect(loadModelClass(["EmptyForCausalLM"])).rejects.toThrow(/exports no class "EmptyForCausalLM"/);
  });
});
