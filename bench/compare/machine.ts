/** What was measured on, and which Quire: nothing that names the machine or its folders. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

export interface Machine {
  readonly cpu: string;
  /** Instruction set extensions that matter here. */
  readonly flags: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpuName(),
    flags: cpuFlags(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release().split("-")[0]}`,
    node: process.version,
  };
}

/** Family and model too, as names are cut short under hypervisors. */
function cpuName(): string {
  const name = cpus()[0]?.model.trim() ?? "unknown";
  const field = (label: string) => new RegExp(`^${label}\\s*:\\s*(\\d+)$`, "m").exec(cpuInfo())?.[1];
  const family = field("cpu family");
  return family === undefined ? name : `${name} (family ${family}, model ${field("model")})`;
}

function cpuFlags(): string {
  const flags = /^flags\s*:\s*(.*)$/m.exec(cpuInfo())?.[1]?.split(" ") ?? [];
  return flags.filter((flag) => /^(avx|fma|f16c|amx)/.test(flag)).join(" ");
}

function cpuInfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}

/** Version of package.json and the commit, with a plus if files were changed. */
export function quireVersion(): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { version: string };
  try {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
    const isChanged = git("status", "--porcelain", "--untracked-files=no", "--", "src", "native") !== "";
    return `${version} (${git("rev-parse", "--short", "HEAD")}${isChanged ? "+" : ""})`;
  } catch {
    return version;
  }
}
