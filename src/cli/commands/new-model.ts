/** `quire new-model --from llama --name my-model`: writes a package to begin a model in. */
import type { Command } from "commander";
import { UsageError } from "../exit.js";

export function define(command: Command): (args: readonly string[]) => Promise<number> {
  command.option("--from <model>", "The built-in model to begin from: llama, or LlamaForCausalLM.", "llama");
  command.option("--name <name>", "Name of the package: my-model.");
  command.option("--architecture <class>", "As in config.json: MyModelForCausalLM (default: made of the name).");
  command.option("--output <folder>", "Where it goes (default: a folder of that name here).");
  return async () => {
    const { from, name, architecture, output } = command.opts<{
      from: string;
      name?: string;
      architecture?: string;
      output?: string;
    }>();
    if (name === undefined) throw new UsageError("--name is missing: quire new-model --from llama --name my-model");
    const { newModel } = await import("../../tools/new-model/new-model.js");
    const folder = output ?? name;
    const files = newModel({ from, name, folder, architecture });
    process.stdout.write(`${files.join("\n")}\n\n  cd ${folder} && npm install && npm test\n`);
    return 0;
  };
}
