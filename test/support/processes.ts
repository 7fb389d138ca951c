/** Processes of processes, as the system knows them. */
import { spawnSync } from "node:child_process";

function ps(...columns: string[]): string[][] {
  const { stdout } = spawnSync("ps", ["-A", "-o", columns.map((column) => `${column}=`).join(",")], {
    encoding: "utf8",
  });
  return stdout.split("\n").map((line) => line.trim().split(/\s+/));
}

/** Ids of the engine processes that this one started and that are not gone, zombies among them. */
export function enginesOf(pid: number): number[] {
  return ps("pid", "ppid", "args")
    .filter(
      ([, parent, ...args]) => Number(parent) === pid && /quire: engine|engine-process\.[jt]s/.test(args.join(" ")),
    )
    .map(([child]) => Number(child));
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  return ps("pid", "stat").some(([id, stat]) => Number(id) === pid && !stat!.startsWith("Z"));
}
