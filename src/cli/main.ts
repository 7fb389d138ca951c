#!/usr/bin/env node
/** The command `quire`. Loads nothing but what the command at hand needs. */
import { packageVersion } from "../util/package-root.js";
import { finish } from "./exit.js";

/** Commands that read a tokenizer. */
const loadsModel = /^(generate|chat|serve)$/;

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  if (argv[0] === "serve") (await import("./early-engine.js")).startEarly(argv);
  if (loadsModel.test(argv[0] ?? "")) (await import("../engine/early-tokenizer.js")).startEarlyTokenizer(argv);
  const { run } = await import("./program.js");
  return run(argv, packageVersion());
}

const args = process.argv.slice(2);
await finish(main(args), args);
