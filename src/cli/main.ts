#!/usr/bin/env node
/** The command `quire`. Loads nothing but what the command at hand needs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../util/package-root.js";
import { finish } from "./exit.js";

function version(): string {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const { run } = await import("./program.js");
  return run(argv, version());
}

const args = process.argv.slice(2);
await finish(main(args), args);
