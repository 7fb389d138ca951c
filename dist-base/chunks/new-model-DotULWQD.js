import { t as UsageError } from "./exit-Bl2g91cb.js";
// src/cli/commands/new-model.ts
function define(command) {
	command.option("--from <model>", "The built-in model to begin from: llama, or LlamaForCausalLM.", "llama");
	command.option("--name <name>", "Name of the package: my-model.");
	command.option("--architecture <class>", "As in config.json: MyModelForCausalLM (default: made of the name).");
	command.option("--output <folder>", "Where it goes (default: a folder of that name here).");
	return async () => {
		const { from, name, architecture, output } = command.opts();
		if (name === void 0) throw new UsageError("--name is missing: quire new-model --from llama --name my-model");
		const { newModel } = await import("./new-model-rH7bkWkz.js");
		const folder = output ?? name;
		const files = newModel({
			from,
			name,
			folder,
			architecture
		});
		process.stdout.write(`${files.join("\n")}\n\n  cd ${folder} && npm install && npm test\n`);
		return 0;
	};
}
export { define };
