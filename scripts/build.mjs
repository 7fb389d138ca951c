/**
 * Builds what is out of date: TypeScript to bundles and declarations in dist/, the native part to build/native. Idempotent; does nothing in a few
 * milliseconds when nothing changed. Without a C++ compiler it says so and succeeds: the reference platform then runs.
 * Messages go to stderr.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundlePage } from "./build-page.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line) => process.stderr.write(`${line}\n`);

/** Hash of names, sizes and times of all files below some paths. */
function fingerprint(...paths) {
  const hash = createHash("sha256").update(process.version);
  const visit = (path) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stats) return;
    if (stats.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name));
    else hash.update(`${path} ${stats.size} ${stats.mtimeMs}\n`);
  };
  paths.forEach(visit);
  return hash.digest("hex");
}

const isFresh = (stamp, print) => existsSync(stamp) && readFileSync(stamp, "utf8").startsWith(print);

function writeStamp(stamp, text) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, text);
}

/** Runs a command with its output on stderr. */
function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] }).status === 0;
}

const has = (command) => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;

/** The package's entry files in src/, and those of its processes and threads, without their ending; equal names in dist/. */
const entries = [
  "index",
  "models/index",
  "layers/index",
  "ops/index",
  "server/index",
  "cli/main",
  "engine/engine-process",
  "tokenizer/tokenizer-worker",
  "grammar/grammar-thread",
];

/** What TypeScript and addon must agree on, as in src/platform/native-contract.ts. */
const contractFiles = ["native/cpu/kernels.inc", "native/binding/addon.cpp"];

/** Packages with a native part, which stay where npm puts them. */
const external = ["tokenizers"];

/**
 * The entries, and chunks of what they share: one copy of each module, whichever entries a program imports. Dependencies
 * are in the chunks: a process starts 0.1 s sooner from some twenty files than from several hundred.
 */
async function bundle() {
  const { rolldown } = await import("rolldown");
  const input = Object.fromEntries(entries.map((name) => [name, join(root, "src", `${name}.ts`)]));
  const define = { QUIRE_CONTRACT: JSON.stringify(contract()) };
  const build = await rolldown({
    input,
    platform: "node",
    external,
    cwd: root,
    logLevel: "warn",
    transform: { define },
  });
  const dir = join(root, "dist");
  const { output } = await build.write({
    dir,
    format: "esm",
    chunkFileNames: "chunks/[name]-[hash].js",
    // A quarter of the text, which node would read at every start.
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await build.close();
  const page = await bundlePage();
  mkdirSync(join(dir, "server", "page"), { recursive: true });
  for (const [name, text] of page.files) writeFileSync(join(dir, "server", "page", name), text);
  const modules = [...output.flatMap(({ moduleIds = [] }) => moduleIds), ...page.modules];
  writeFileSync(join(dir, "third-party-licenses.txt"), licensesOf(modules));
}

/** Their hash. */
function contract() {
  const hashOf = (content) => createHash("sha256").update(content).digest("hex");
  return hashOf(contractFiles.map((file) => hashOf(readFileSync(join(root, file)))).join(""));
}

/** The licence texts of the packages that modules come from. */
function licensesOf(modules) {
  const folders = modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll("\\", "/"))?.[0]);
  const texts = [...new Set(folders.filter(Boolean))].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

async function buildTypeScript() {
  const stamp = join(root, "dist", ".build-stamp");
  const sources = ["src", ...contractFiles, "tsconfig.json", "package-lock.json"];
  const print = fingerprint(...sources, "scripts/build.mjs", "scripts/build-page.mjs");
  if (isFresh(stamp, print)) return true;
  let tsc;
  try {
    tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  } catch {
    if (existsSync(join(root, "dist", "cli", "main.js"))) return true;
    say("build: TypeScript is not installed (npm ci --omit=dev leaves it out) and dist/ is missing; run npm ci");
    return false;
  }
  rmSync(join(root, "dist"), { recursive: true, force: true });
  if (!run(process.execPath, [tsc, "-p", "tsconfig.json", "--emitDeclarationOnly"])) return false;
  await bundle();
  writeStamp(stamp, print);
  return true;
}

/** One line about what is missing, or undefined when everything to build with is here. */
function missingTool() {
  if (!has("cmake")) return "CMake is missing (Debian: apt-get install cmake)";
  const compiler = [process.env.CXX, "c++", "g++", "clang++"].find((name) => name && has(name));
  return compiler ? undefined : "a C++ compiler is missing (Debian: apt-get install g++)";
}

/** Folder of node_api.h: in a clone or, where this package is installed, beside it. */
function headers() {
  return createRequire(import.meta.url)("node-api-headers").include_dir;
}

/** CMake refuses a folder that was made elsewhere: of a clone that was moved or copied. */
function forgetOtherPlaces(folder) {
  const cache = join(folder, "CMakeCache.txt");
  const made = existsSync(cache) ? /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, "utf8")) : null;
  if (made && made[1] !== root.replaceAll("\\", "/")) rmSync(folder, { recursive: true, force: true });
}

/** Says, and leaves for the runtime to say, why there is no native part. An older one does not fit what dist/ expects. */
function notBuilt(reason, quiet) {
  rmSync(join(root, "build", "native", "quire_cpu.node"), { force: true });
  writeStamp(join(root, "build", "native", "not-built.txt"), `${reason}\n`);
  if (!quiet) say(`WARNING: ${reason}: native kernels are not built, Quire runs on the slow reference platform`);
}

/** `quiet`: whoever runs next says what is missing. */
function buildNative(quiet) {
  const folder = join(root, "build", "native");
  const stamp = join(folder, ".build-stamp");
  const print = fingerprint("native", "CMakeLists.txt");
  if (isFresh(stamp, print) && existsSync(join(folder, "quire_cpu.node"))) return;
  const problem = missingTool();
  if (problem) return notBuilt(problem, quiet);
  say("building the native part (once, about a minute)");
  forgetOtherPlaces(folder);
  const parallel = String(Math.max(1, Math.min(8, availableParallelism())));
  const built =
    run("cmake", [
      "-S",
      ".",
      "-B",
      "build/native",
      "-DCMAKE_BUILD_TYPE=Release",
      `-DQUIRE_NODE_API_HEADERS=${headers()}`,
      "--log-level=WARNING",
    ]) && run("cmake", ["--build", "build/native", "-j", parallel, "--", "--no-print-directory", "-s"]);
  if (!built) return notBuilt("the native part failed to compile", quiet);
  rmSync(join(folder, "not-built.txt"), { force: true });
  writeStamp(stamp, print);
}

/** Builds all; false when TypeScript does not compile. `quiet` leaves a missing compiler for the program to tell. */
export async function build({ quiet = false } = {}) {
  buildNative(quiet);
  return buildTypeScript();
}

/** Installs packages when package-lock.json changed since the last time. */
export function install() {
  const stamp = join(root, "node_modules", ".quire-install-stamp");
  const print = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (isFresh(stamp, print)) return true;
  say("installing packages");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--json=false", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
  if (!(npm ? run(process.execPath, [npm, ...args]) : run("npm", args))) return false;
  writeStamp(stamp, print);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href && !(await build())) process.exit(1);
