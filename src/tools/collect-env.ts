/** What `quire collect-env` tells: everything about machine and installation that a report of a fault needs, without secrets. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, freemem, release, totalmem, version as osVersion } from "node:os";
import { join } from "node:path";
import type { EnvironmentVariables } from "../config/environment.js";
import { describeKernels } from "../platform/platforms.js";
import { controlGroupFolders, readText } from "../util/control-groups.js";
import { packageRoot } from "../util/package-root.js";

/** Sections of names and values. */
export type Environment = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Variables that matter to Quire; values of those that may be secret are masked. */
const VARIABLES =
  /^(QUIRE_|HF_|HUGGINGFACE_|OTEL_|NODE_OPTIONS$|NODE_ENV$|UV_THREADPOOL_SIZE$|XDG_CACHE_HOME$|LD_PRELOAD$|LD_LIBRARY_PATH$|OMP_)/;
const SECRET = /KEY|TOKEN|SECRET|PASSWORD|HEADERS|CREDENTIAL/;
/** Of a CPU's features, those that kernels ask for. */
const FEATURES =
  /^(sse4_2|avx|avx2|fma|f16c|avx512f|avx512bw|avx512vl|avx512_bf16|avx512_vnni|amx_tile|amx_bf16|amx_int8|asimd|asimddp|bf16|i8mm|sve)$/;

/** @param version Quire's */
export async function collectEnv(version: string, variables: EnvironmentVariables): Promise<Environment> {
  return {
    Quire: { version, folder: packageRoot, ...(await describeKernels()) },
    Node: {
      node: process.version,
      modules: String(process.versions.modules),
      v8: process.versions.v8,
      npm: npmVersion(variables),
    },
    System: {
      os: osName(),
      kernel: `${release()} ${osVersion()}`,
      architecture: arch(),
      libc: libc(),
      container: container(),
    },
    CPU: cpu(),
    Memory: memory(),
    Packages: packages(),
    Variables: maskedVariables(variables),
  };
}

/** Plain text: a heading per section, a line per value. */
export function showEnv(environment: Environment): string {
  const parts = Object.entries(environment).map(([section, values]) => {
    const width = Math.max(0, ...Object.keys(values).map((name) => name.length));
    const lines = Object.entries(values).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
    return `${section}\n${lines.length === 0 ? "  none" : lines.join("\n")}\n`;
  });
  return parts.join("\n");
}

/** Names and values, with the values of what may be secret masked. */
export function maskedVariables(variables: EnvironmentVariables): Record<string, string> {
  const names = Object.keys(variables)
    .filter((name) => VARIABLES.test(name))
    .sort();
  return Object.fromEntries(
    names.map((name) => [name, SECRET.test(name) ? "(set, not shown)" : withoutKeys(variables[name]!)]),
  );
}

/** https://user:password@host -> https://(not shown)@host */
function withoutKeys(value: string): string {
  return value.replace(/(:\/\/)[^/@\s]+@/g, "$1(not shown)@");
}

function osName(): string {
  const text = readText("/etc/os-release");
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text ?? "")?.[1] ?? process.platform;
}

function libc(): string {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  const glibc = report?.header?.glibcVersionRuntime;
  return glibc === undefined ? "not glibc" : `glibc ${glibc}`;
}

function container(): string {
  if (existsSync("/.dockerenv")) return "docker";
  return existsSync("/run/.containerenv") ? "podman" : "none seen";
}

function cpu(): Record<string, string> {
  const all = cpus();
  const info = readText("/proc/cpuinfo") ?? "";
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1]?.split(" ") ?? [];
  return {
    model: all[0]?.model.trim() ?? "unknown",
    "logical cores": String(all.length),
    "cores for this process": String(availableParallelism()),
    "cpu limit of the control group": groupLimit("cpu", ["cpu.max", "cpu.cfs_quota_us"]),
    features: flags.filter((flag) => FEATURES.test(flag)).join(" ") || "unknown",
    "L2 and L3": [2, 3].map((i) => readText(`/sys/devices/system/cpu/cpu0/cache/index${i}/size`) ?? "?").join(", "),
  };
}

function memory(): Record<string, string> {
  const info = readText("/proc/meminfo") ?? "";
  const available = Number(/^MemAvailable:\s+(\d+) kB/m.exec(info)?.[1] ?? freemem() / 1024) * 1024;
  return {
    total: gibibytes(totalmem()),
    available: gibibytes(available),
    "memory limit of the control group": groupLimit("memory", ["memory.max", "memory.limit_in_bytes"]),
    "huge pages": /\[(\w+)\]/.exec(readText("/sys/kernel/mm/transparent_hugepage/enabled") ?? "")?.[1] ?? "unknown",
  };
}

function groupLimit(controller: "cpu" | "memory", files: readonly string[]): string {
  const limits = controlGroupFolders(controller).flatMap((folder) =>
    files.flatMap((file) => readText(join(folder, file)) ?? []),
  );
  const set = limits.filter((limit) => !/^(max|-1)\b/.test(limit) && Number(limit.split(" ")[0]) < 2 ** 60);
  return set.length === 0 ? "none" : set.join("; ");
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** npm tells the programs that it runs. */
function npmVersion(variables: EnvironmentVariables): string {
  return /npm\/(\S+)/.exec(variables.npm_config_user_agent ?? "")?.[1] ?? "not run by npm";
}

/** Versions that are installed, of what package.json asks for. */
function packages(): Record<string, string> {
  const require = createRequire(join(packageRoot, "package.json"));
  const { dependencies = {} } = require("./package.json") as { dependencies?: Record<string, string> };
  const installed = Object.entries(dependencies).map(([name, wanted]) => {
    const found = installedVersion(name);
    return [name, found === wanted ? found : `${found ?? "bundled"} (package.json: ${wanted})`] as const;
  });
  return Object.fromEntries(installed);
}

function installedVersion(name: string): string | undefined {
  for (let folder = packageRoot; ; folder = join(folder, "..")) {
    const path = join(folder, "node_modules", name, "package.json");
    if (existsSync(path)) return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
    if (folder === join(folder, "..")) return undefined;
  }
}
