#!/usr/bin/env node
/** The command `quire`. Loads nothing but what the command at hand needs. */
import { packageVersion } from "../util/package-root.js";
import { finish } from "./exit.js";

/** Commands that load a model. */
const loadsModel = /^(generate|chat|serve)$/;

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  if (argv[0] === "serve") (await import("./early-engine.js")).startEarly(argv);
  if (loadsModel.test(argv[0] ?? "")) await begin(argv);
  const { run } = await import("./program.js");
  return run(argv, packageVersion());
}

/** A model takes longer to load than a command line to read: what needs no flags begins. */
async function begin(argv: readonly string[]): Promise<void> {
  if (argv.some((arg) => /^(-h|--help(=.*)?)$/.test(arg))) return;
  const { preloadEngine, startEarlyTokenizer } = await import("../engine/early-start.js");
  const isHere = argv[0] !== "serve";
  if (isHere) startEarlyTokenizer(argv);
  preloadEngine(isHere);
}

const args = process.argv.slice(2);
await finish(main(args), args);
