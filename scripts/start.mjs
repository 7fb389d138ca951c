/** `npm start`: installs, builds, then lets the bundled model speak and serves it. Flags after `--` go to `quire demo`. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, install } from "./build.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (!install() || !(await build({ quiet: true }))) process.exit(1);
const args = [join(root, "dist", "cli", "main.js"), "demo", ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { stdio: "inherit" });
// The child ends itself in order; a terminal's Ctrl-C reaches it anyway.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
