#!/usr/bin/env node
import { n as packageVersion } from "../chunks/package-root-DW2ZyEQq.js";
import { n as finish } from "../chunks/exit-Bl2g91cb.js";
// src/cli/main.ts
/** The command `quire`. Loads nothing but what the command at hand needs. */
async function main(argv) {
	if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
		process.stdout.write(`${packageVersion()}\n`);
		return 0;
	}
	if (argv[0] === "serve") (await import("../chunks/early-engine-DW3xAHkE.js")).startEarly(argv);
	const { run } = await import("../chunks/program-BcvYJieM.js");
	return run(argv, packageVersion());
}
const args = process.argv.slice(2);
await finish(main(args), args);
export {};
